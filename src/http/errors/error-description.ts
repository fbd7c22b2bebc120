import { AppError } from '../../common/app-error.js';
import { withoutToken } from '../server/hidden-token.js';

/** Maximum depth of causes. */
const MAX_DEPTH = 4;

interface Description {
  /** Errors of clients are logged without a stack. */
  readonly hasStack?: boolean;
  readonly depth?: number;
}

/**
 * Describes an error for the log: message, stack and causes only. Other properties of SDK errors contain requests with
 * signatures, and those of database errors contain parameters.
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
