import * as http from 'node:http';
import * as https from 'node:https';
import type { Duplex } from 'node:stream';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { S3Timing } from './s3-timing.js';

/** The sockets of all S3 providers of the process: kept alive, and bounded per host. */
interface Agents {
  readonly httpAgent: http.Agent;
  readonly httpsAgent: https.Agent;
}

interface TimedAgentOptions extends http.AgentOptions {
  readonly connectMs: number;
}

/*
 * The handler's own connectionTimeout counts the wait for a free socket too, and would fail requests that only queue
 * behind others: so the agents time the connection itself.
 */
class TimedHttpAgent extends http.Agent {
  readonly #connectMs: number;

  constructor({ connectMs, ...options }: TimedAgentOptions) {
    super(options);
    this.#connectMs = connectMs;
  }

  override createConnection(...args: Parameters<http.Agent['createConnection']>): Duplex | null | undefined {
    return timeConnecting(super.createConnection(...args), 'connect', this.#connectMs);
  }
}

class TimedHttpsAgent extends https.Agent {
  readonly #connectMs: number;

  constructor({ connectMs, ...options }: TimedAgentOptions) {
    super(options);
    this.#connectMs = connectMs;
  }

  override createConnection(...args: Parameters<https.Agent['createConnection']>): Duplex | null | undefined {
    return timeConnecting(super.createConnection(...args), 'secureConnect', this.#connectMs);
  }
}

function timeConnecting(
  connection: Duplex | null | undefined,
  connected: 'connect' | 'secureConnect',
  connectMs: number,
): Duplex | null | undefined {
  if (connection) {
    const timer = setTimeout(() => {
      const message = `no connection within ${String(connectMs)} ms`;
      connection.destroy(Object.assign(new Error(message), { code: 'ETIMEDOUT' }));
    }, connectMs);
    const stop = (): void => {
      clearTimeout(timer);
    };
    connection.once(connected, stop);
    connection.once('close', stop);
  }
  return connection;
}

interface SharedAgents {
  readonly requests: Agents;
  /** A download keeps its socket as long as its reader likes, so downloads do not share sockets with other requests. */
  readonly downloads: Agents;
}

const REQUEST_SOCKETS = 64;
const DOWNLOAD_SOCKETS = 256;
/** By the time in which a connection must stand: in a server there is one. */
const shared = new Map<number, SharedAgents>();

function sharedAgents({ connectMs }: S3Timing): SharedAgents {
  const known = shared.get(connectMs);
  if (known !== undefined) return known;
  const made = {
    requests: agents(REQUEST_SOCKETS, connectMs),
    downloads: agents(DOWNLOAD_SOCKETS, connectMs),
  };
  shared.set(connectMs, made);
  return made;
}

function agents(maxSockets: number, connectMs: number): Agents {
  const options = { keepAlive: true, maxSockets, connectMs };
  return { httpAgent: new TimedHttpAgent(options), httpsAgent: new TimedHttpsAgent(options) };
}

/** For requests that no SDK sends; `https:` or another protocol says which. */
export function requestAgent(protocol: string, timing: S3Timing): http.Agent {
  const { requests } = sharedAgents(timing);
  return protocol === 'https:' ? requests.httpsAgent : requests.httpAgent;
}

export function requestHandler(timing: S3Timing): NodeHttpHandler {
  return handler(sharedAgents(timing).requests, timing);
}

export function downloadHandler(timing: S3Timing): NodeHttpHandler {
  return handler(sharedAgents(timing).downloads, timing);
}

/** The handler of one client; to destroy it would destroy the shared agents. */
function handler(sockets: Agents, { silenceMs }: S3Timing): NodeHttpHandler {
  return new NodeHttpHandler({ ...sockets, socketTimeout: silenceMs, logger: silent });
}

const ignore = (): void => undefined;
/** Without a logger the handler warns on the console when requests queue, which is no fault here. */
const silent = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore };
