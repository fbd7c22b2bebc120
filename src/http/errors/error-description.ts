import { AppError } from '../../common/app-error.js';
import { withoutToken } from '../server/hidden-token.js';

/** How deep causes are followed. */
const MAX_DEPTH = 4;

/**
 * An error for the log: its words, stack and causes, and nothing else that hangs on it. SDK errors carry requests with
 * signatures, and database errors carry parameters.
 */
export function describeError(error: unknown, depth = 0): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) };
  return {
    type: error.name,
    message: withoutToken(error.message),
    ...(error instanceof AppError ? { kind: error.kind, ...error.context } : {}),
    ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
    ...(depth === 0 ? { stack: withoutToken(error.stack ?? '') } : {}),
    ...(error.cause === undefined || depth >= MAX_DEPTH
      ? {}
      : { cause: describeError(error.cause, depth + 1) }),
  };
}
