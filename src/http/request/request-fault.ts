import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { RequestError } from './request-error.js';

const FAULT = Symbol('request fault');
const faults = new WeakMap<IncomingMessage, RequestError>();

/** The connection of a running request cannot be read any more. Only the first fault counts. */
export function reportFault(request: IncomingMessage, fault: RequestError): void {
  if (faults.has(request)) return;
  faults.set(request, fault);
  request.emit(FAULT, fault);
}

/** What was found wrong behind or in the body of a request, so far. */
export function faultOf(request: IncomingMessage): RequestError | undefined {
  return faults.get(request);
}

/** Calls back at the fault of a request, at once where there is one. @returns what takes the listener away. */
export function onFault(request: IncomingMessage, listener: (fault: RequestError) => void): () => void {
  const fault = faultOf(request);
  if (fault !== undefined) listener(fault);
  else request.once(FAULT, listener);
  return () => request.off(FAULT, listener);
}

/** Throws the fault of a request when there is one. @throws RequestError, or an AbortError where the signal fires before. */
export async function faultIn(request: IncomingMessage, signal: AbortSignal): Promise<never> {
  const known = faultOf(request);
  if (known !== undefined) throw known;
  const [fault] = (await once(request, FAULT, { signal })) as [RequestError]; // as `reportFault` tells it
  throw fault;
}

/** Before something changes: is all as the request has declared it? @throws RequestError */
export function refuseFaulty(request: IncomingMessage): void {
  const fault = faultOf(request);
  if (fault !== undefined) throw fault;
}

/**
 * What is read of a body, if nothing is wrong with the request: a body whose framing is broken never ends, and one that more
 * bytes follow is not what its sender has meant.
 *
 * @throws RequestError
 */
export async function orFault<Read>(request: IncomingMessage, reading: Promise<Read>): Promise<Read> {
  const ended = new AbortController();
  try {
    const read = await (request.complete ? reading : Promise.race([reading, faultIn(request, ended.signal)]));
    refuseFaulty(request);
    return read;
  } finally {
    ended.abort();
  }
}
