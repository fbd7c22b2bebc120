import { StorageError } from '../../contract/storage-error.js';

export interface MemoryOperation {
  readonly operation: string;
  readonly key?: string | undefined;
}

export function notFound(operation: MemoryOperation): StorageError {
  return new StorageError('NotFound', 'There is no such object.', { context: contextOf(operation) });
}

export function tooLarge(operation: MemoryOperation, maxObjectBytes: number): StorageError {
  return new StorageError('TooLarge', `An object may have at most ${String(maxObjectBytes)} bytes.`, {
    context: contextOf(operation),
  });
}

export function unsupported(operation: MemoryOperation): StorageError {
  return new StorageError('Unsupported', 'Objects in memory have no URLs.', {
    context: contextOf(operation),
  });
}

/** Translates the error of a body: a StorageError passes unchanged, and the signal's abort becomes `Aborted`. */
export function bodyFailure(
  error: unknown,
  operation: MemoryOperation,
  signal: AbortSignal | undefined,
): StorageError {
  if (error instanceof StorageError) return error;
  if (signal?.aborted === true) return aborted(operation, signal);
  return new StorageError('Unexpected', 'The body failed before its end.', {
    context: contextOf(operation),
    cause: error,
  });
}

/** @throws StorageError of kind `Aborted` if the signal has fired. */
export function assertNotAborted(operation: MemoryOperation, signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw aborted(operation, signal);
}

function aborted(operation: MemoryOperation, signal: AbortSignal): StorageError {
  return new StorageError('Aborted', 'The operation was aborted.', {
    context: contextOf(operation),
    cause: signal.reason,
  });
}

export function contextOf({ operation, key }: MemoryOperation): Record<string, string | undefined> {
  return { operation, scheme: 'memory', key };
}
