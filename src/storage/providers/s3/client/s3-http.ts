import * as http from 'node:http';
import * as https from 'node:https';
import type { Duplex } from 'node:stream';
import { NodeHttpHandler } from '@smithy/node-http-handler';

const CONNECT_TIMEOUT_MILLISECONDS = 3_000;
/** A store that is silent for so long is not coming back; with its retries a request fails in about a minute. */
export const INACTIVITY_TIMEOUT_MILLISECONDS = 20_000;

/** The sockets of all S3 providers of the process: kept alive, and bounded per host. */
interface Agents {
  readonly httpAgent: http.Agent;
  readonly httpsAgent: https.Agent;
}

/*
 * The handler's own connectionTimeout counts the wait for a free socket too, and would fail requests that only queue
 * behind others: so the agents time the connection itself.
 */
class TimedHttpAgent extends http.Agent {
  override createConnection(...args: Parameters<http.Agent['createConnection']>): Duplex | null | undefined {
    return timeConnecting(super.createConnection(...args), 'connect');
  }
}

class TimedHttpsAgent extends https.Agent {
  override createConnection(...args: Parameters<https.Agent['createConnection']>): Duplex | null | undefined {
    return timeConnecting(super.createConnection(...args), 'secureConnect');
  }
}

function timeConnecting(
  connection: Duplex | null | undefined,
  connected: 'connect' | 'secureConnect',
): Duplex | null | undefined {
  if (connection) {
    const timer = setTimeout(() => {
      const message = `no connection within ${String(CONNECT_TIMEOUT_MILLISECONDS)} ms`;
      connection.destroy(Object.assign(new Error(message), { code: 'ETIMEDOUT' }));
    }, CONNECT_TIMEOUT_MILLISECONDS);
    const stop = (): void => {
      clearTimeout(timer);
    };
    connection.once(connected, stop);
    connection.once('close', stop);
  }
  return connection;
}

function agents(maxSockets: number): Agents {
  const options = { keepAlive: true, maxSockets };
  return { httpAgent: new TimedHttpAgent(options), httpsAgent: new TimedHttpsAgent(options) };
}

const requestAgents = agents(64);
/** A download keeps its socket as long as its reader likes, so downloads do not share sockets with other requests. */
const downloadAgents = agents(256);

/** For requests that no SDK sends; `https:` or another protocol says which. */
export function requestAgent(protocol: string): http.Agent {
  return protocol === 'https:' ? requestAgents.httpsAgent : requestAgents.httpAgent;
}

export function requestHandler(): NodeHttpHandler {
  return handler(requestAgents);
}

export function downloadHandler(): NodeHttpHandler {
  return handler(downloadAgents);
}

/** The handler of one client; to destroy it would destroy the shared agents. */
function handler(shared: Agents): NodeHttpHandler {
  return new NodeHttpHandler({ ...shared, socketTimeout: INACTIVITY_TIMEOUT_MILLISECONDS, logger: silent });
}

const ignore = (): void => undefined;
/** Without a logger the handler warns on the console when requests queue, which is no fault here. */
const silent = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore };
