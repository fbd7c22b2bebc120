import { AppError } from '../app-error.js';

/** A failure as a field of a log line. `error` is an object in every line, so that stores of logs can index it. */
export function loggedError(error: unknown): Readonly<Record<string, string | number | undefined>> {
  if (!(error instanceof Error)) return { message: String(error) };
  const facts = error instanceof AppError ? { kind: String(error.kind), ...error.context } : {};
  return { type: error.name, message: error.message, ...facts };
}
