import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { AppError } from '../../common/app-error.js';

const FAULT = Symbol('request fault');
const faults = new WeakMap<IncomingMessage, AppError>();

/** Records why a running request cannot go on: its connection is not readable any more, or its user is out. Only the first fault counts. */
export function reportFault(request: IncomingMessage, fault: AppError): void {
  if (faults.has(request)) return;
  faults.set(request, fault);
  request.emit(FAULT, fault);
}

/** Returns the fault of a request so far, in its body or in the bytes after it. */
export function faultOf(request: IncomingMessage): AppError | undefined {
  return faults.get(request);
}

/**
 * Calls the listener at the request's fault, immediately if it already has one.
 *
 * @returns a function that removes the listener.
 */
export function onFault(request: IncomingMessage, listener: (fault: AppError) => void): () => void {
  const fault = faultOf(request);
  if (fault !== undefined) listener(fault);
  else request.once(FAULT, listener);
  return () => request.off(FAULT, listener);
}

/**
 * Waits for a fault of the request, and throws it.
 *
 * @throws the fault, or an AbortError if the signal aborts first.
 */
export async function throwOnFault(request: IncomingMessage, signal: AbortSignal): Promise<never> {
  const existing = faultOf(request);
  if (existing !== undefined) throw existing;
  const [fault] = (await once(request, FAULT, { signal })) as [AppError]; // emitted by `reportFault`
  throw fault;
}

/** Checks the request before a change is made. @throws the fault. */
export function assertNoFault(request: IncomingMessage): void {
  const fault = faultOf(request);
  if (fault !== undefined) throw fault;
}

/**
 * Returns what was read of a body, if the request has no fault. A body with broken framing never ends, and a body
 * followed by more bytes is not what its sender meant.
 *
 * @throws the fault.
 */
export async function readUnlessFault<Read>(request: IncomingMessage, reading: Promise<Read>): Promise<Read> {
  const ended = new AbortController();
  try {
    const read = await (request.complete
      ? reading
      : Promise.race([reading, throwOnFault(request, ended.signal)]));
    assertNoFault(request);
    return read;
  } finally {
    ended.abort();
  }
}
