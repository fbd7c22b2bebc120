import * as http from 'node:http';
import * as https from 'node:https';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { EndpointRules } from '../../../endpoints/endpoint-rules.js';
import { guardedLookup, refusalOfLiteral } from '../../../endpoints/guarded-connection.js';
import type { S3Timing } from './s3-timing.js';

export interface AgentLimits {
  /** For each host. */
  readonly maxSockets: number;
  readonly timing: S3Timing;
  /** To which addresses sockets may be opened. */
  readonly endpoints: EndpointRules;
}

type ConnectionArguments = Parameters<http.Agent['createConnection']>;

/**
 * Keeps sockets, and ends those on which the store is silent, with all requests that wait for one of them for so long that
 * their own answer would come too late. The SDK's handler counts otherwise: the wait for a socket as a part of connecting, and
 * a reader that is slow as a store that is silent.
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

/** Undefined where the host is an address that is refused: then the request has been told. */
function guardedArguments(
  [options, callback]: ConnectionArguments,
  endpoints: EndpointRules,
): ConnectionArguments | undefined {
  const refusal = refusalOfLiteral(options.host, endpoints);
  if (refusal === undefined) return [{ ...options, lookup: guardedLookup(endpoints) }, callback];
  // Node passes the error on and looks at no socket; its types have no place for that.
  (callback as ((error: Error) => void) | undefined)?.(refusal);
  return undefined;
}

/** Whose body comes over a socket. */
const bodies = new WeakMap<Socket, http.IncomingMessage>();

/** Its socket is not silent as long as the reader leaves bytes of it. */
export function trackBody(body: http.IncomingMessage): void {
  bodies.set(body.socket, body);
}

/** Those whose reader had left bytes when they were looked at last. */
const pausedByReader = new WeakSet<Socket>();

/** When requests were given to an agent. */
const startTimes = new WeakMap<object, number>();

/** Every agent of Node has this method, and its types do not know it. */
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
    request.emit('error', silence()); // one that has no socket yet would not tell before it has one
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
 * A reader that is slow stops the store, and hears nothing of it: that is no silence of the store. Nor is what follows at once,
 * for nobody knows when the reader has gone on.
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
