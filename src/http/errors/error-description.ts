import { AppError } from '../../common/app-error.js';
import { withoutToken } from '../server/hidden-token.js';

/** How deep causes are followed. */
const MAX_DEPTH = 4;

interface Description {
  /** A client's mistake is one line. */
  readonly hasStack?: boolean;
  readonly depth?: number;
}

/**
 * An error for the log: its words, stack and causes, and nothing else that hangs on it. SDK errors carry requests with
 * signatures, and database errors carry parameters.
 */
export function describeError(
  error: unknown,
  { hasStack = true, depth = 0 }: Description = {},
): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) };
  return {
    type: error.name,
    message: withoutToken(error.message),
    ...(error instanceof AppError ? { kind: error.kind, ...error.context } : {}),
    ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
    ...(hasStack ? { stack: withoutToken(error.stack ?? '') } : {}),
    ...(error.cause === undefined || depth >= MAX_DEPTH
      ? {}
      : { cause: describeError(error.cause, { hasStack: false, depth: depth + 1 }) }),
  };
}
