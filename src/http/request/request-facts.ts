import type { ServerResponse } from 'node:http';

const logFields = new WeakMap<ServerResponse, object>();

/** Adds fields to the log line of a request. */
export function tellLog(response: ServerResponse, facts: object): void {
  logFields.set(response, { ...logFields.get(response), ...facts });
}

/** Returns the fields added so far. */
export function logFieldsOf(response: ServerResponse): object {
  return logFields.get(response) ?? {};
}
