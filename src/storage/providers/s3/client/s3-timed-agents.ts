import * as http from 'node:http';
import * as https from 'node:https';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { EndpointRules } from '../../../endpoints/endpoint-rules.js';
import { guardedLookup, refusalOfLiteral } from '../../../endpoints/guarded-connection.js';
import type { S3Timing } from './s3-timing.js';

export interface AgentLimits {
  /** The limit for each host. */
  readonly maxSockets: number;
  readonly timing: S3Timing;
  /** The rules for addresses of sockets. */
  readonly endpoints: EndpointRules;
}

type ConnectionArguments = Parameters<http.Agent['createConnection']>;

/**
 * Keeps sockets alive, and destroys those on which the store is silent, together with queued requests that have waited too long
 * for an answer in time. The SDK's handler counts differently: it takes the wait for a socket as part of connecting, and a slow
 * reader as a silent store.
 */
export class TimedHttpAgent extends http.Agent {
  readonly #timing: S3Timing;
  readonly #endpoints: EndpointRules;

  constructor({ maxSockets, timing, endpoints }: AgentLimits) {
    super({ keepAlive: true, maxSockets, timeout: timing.silenceMs });
    this.#timing = timing;
    this.#endpoints = endpoints;
  }

  addRequest(request: http.ClientRequest, options: object): void {
    queue(this, request, options);
  }

  override createConnection(...args: ConnectionArguments): Duplex | null | undefined {
    const guarded = guardedArguments(args, this.#endpoints);
    if (guarded === undefined) return undefined;
    return timed(super.createConnection(...guarded), 'connect', this.#timing, () => {
      failWaiting(this, args, this.#timing);
    });
  }
}

export class TimedHttpsAgent extends https.Agent {
  readonly #timing: S3Timing;
  readonly #endpoints: EndpointRules;

  constructor({ maxSockets, timing, endpoints }: AgentLimits) {
    super({ keepAlive: true, maxSockets, timeout: timing.silenceMs });
    this.#timing = timing;
    this.#endpoints = endpoints;
  }

  addRequest(request: http.ClientRequest, options: object): void {
    queue(this, request, options);
  }

  override createConnection(...args: ConnectionArguments): Duplex | null | undefined {
    const guarded = guardedArguments(args, this.#endpoints);
    if (guarded === undefined) return undefined;
    return timed(super.createConnection(...guarded), 'secureConnect', this.#timing, () => {
      failWaiting(this, args, this.#timing);
    });
  }
}

/** Adds the guarded lookup. @returns undefined if the host is a refused address: the callback has got the error. */
function guardedArguments(
  [options, callback]: ConnectionArguments,
  endpoints: EndpointRules,
): ConnectionArguments | undefined {
  const refusal = refusalOfLiteral(options.host, endpoints);
  if (refusal === undefined) return [{ ...options, lookup: guardedLookup(endpoints) }, callback];
  // Node passes the error on and ignores the socket; its types do not allow that call.
  (callback as ((error: Error) => void) | undefined)?.(refusal);
  return undefined;
}

/** The response body that arrives on a socket. */
const bodies = new WeakMap<Socket, http.IncomingMessage>();

/** Registers a body: its socket is not silent while the reader has unread bytes. */
export function trackBody(body: http.IncomingMessage): void {
  bodies.set(body.socket, body);
}

/** Sockets whose reader had unread bytes at the last check. */
const pausedByReader = new WeakSet<Socket>();

/** Times at which requests were queued in an agent. */
const startTimes = new WeakMap<object, number>();

/** Every agent of Node has this method, which its types do not declare. */
interface Queue {
  readonly addRequest: (this: http.Agent, request: http.ClientRequest, options: object) => void;
}
const { addRequest } = http.Agent.prototype as unknown as Queue;

function queue(agent: http.Agent, request: http.ClientRequest, options: object): void {
  startTimes.set(request, performance.now());
  addRequest.call(agent, request, options);
}

function failWaiting(agent: http.Agent, [options]: ConnectionArguments, { retryMs }: S3Timing): void {
  const latest = performance.now() - retryMs;
  for (const request of agent.requests[agent.getName(options)] ?? []) {
    if ((startTimes.get(request) ?? Infinity) > latest) continue;
    request.destroy();
    request.emit('error', silence()); // a request without a socket would emit it only after it got one
  }
}

function timed(
  connection: Duplex | null | undefined,
  connected: 'connect' | 'secureConnect',
  { connectMs, silenceMs }: S3Timing,
  onSilence: () => void,
): Duplex | null | undefined {
  if (!(connection instanceof Socket)) return connection;
  const timer = setTimeout(() => {
    const message = `no connection within ${String(connectMs)} ms`;
    connection.destroy(Object.assign(new Error(message), { code: 'ETIMEDOUT' }));
  }, connectMs);
  const stop = (): void => {
    clearTimeout(timer);
  };
  connection.once(connected, stop);
  connection.once('close', stop);
  connection.setTimeout(silenceMs);
  connection.on('timeout', () => {
    if (waitsForReader(connection)) {
      connection.setTimeout(silenceMs);
      return;
    }
    onSilence();
    endSilent(connection);
  });
  return connection;
}

/**
 * Does the store wait for a slow reader? Then it is not silent. Nor is it in the next period, because the moment at which the
 * reader continued is unknown.
 */
function waitsForReader(socket: Socket): boolean {
  const body = bodies.get(socket);
  const isUnread = body !== undefined && !body.complete && body.readableLength > 0;
  const wasUnread = pausedByReader.delete(socket);
  if (isUnread) pausedByReader.add(socket);
  return isUnread || wasUnread;
}

function endSilent(socket: Socket): void {
  const body = bodies.get(socket);
  if (body?.complete === false) body.destroy(silence());
  socket.destroy(silence());
}

function silence(): Error {
  return Object.assign(new Error('no byte has come for too long'), { name: 'TimeoutError' });
}
