import type { ServerResponse } from 'node:http';

const told = new WeakMap<ServerResponse, object>();

/** Adds fields to the log line of a request. */
export function tellLog(response: ServerResponse, facts: object): void {
  told.set(response, { ...told.get(response), ...facts });
}

/** Returns the fields added so far. */
export function toldOf(response: ServerResponse): object {
  return told.get(response) ?? {};
}
