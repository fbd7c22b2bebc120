import type { ServerResponse } from 'node:http';

const told = new WeakMap<ServerResponse, object>();

/** Has the line that the log writes of a request say more. */
export function tellLog(response: ServerResponse, facts: object): void {
  told.set(response, { ...told.get(response), ...facts });
}

/** What has been told of a request so far. */
export function toldOf(response: ServerResponse): object {
  return told.get(response) ?? {};
}
