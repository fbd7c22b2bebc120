import { isPlainName, MAX_NAME_LENGTH } from '../../users/accounts/plain-name.js';
import { UserError } from '../../users/user-error.js';

/** A token as its user asks for it. */
export interface NewToken {
  readonly name: string;
  /** Undefined for a token that may do all that its user may. */
  readonly scope: NamedScope | undefined;
  /** Null for a token that does not expire. */
  readonly expiresInSeconds: number | null;
}

/** A token's scope, with stages by their names. */
export interface NamedScope {
  /** Undefined for every stage. */
  readonly stages?: readonly string[] | undefined;
  readonly prefix?: string | undefined;
  readonly privileges: readonly ('Read' | 'Write')[];
}

export const DEFAULT_LIFE_SECONDS = 90 * 86_400;
/** Ten years. What must live longer does not expire. */
const MAX_LIFE_SECONDS = 3650 * 86_400;
const MAX_STAGES = 100;
const MAX_PREFIX_BYTES = 1024;

/** @throws UserError of kind `InvalidToken` that says what a token may have. */
export function checkNewToken({ name, scope, expiresInSeconds }: NewToken): void {
  if (!isPlainName(name)) {
    throw invalid(
      `Token name ${JSON.stringify(name)} cannot be used: 1 to ${String(MAX_NAME_LENGTH)} characters, without control characters, ` +
        'and spaces at its ends.',
    );
  }
  if (expiresInSeconds !== null && !isLife(expiresInSeconds)) {
    throw invalid(
      `A token may live for 1 second to 10 years (${String(MAX_LIFE_SECONDS)} seconds), or with null until it is revoked.`,
    );
  }
  if (scope !== undefined) checkScope(scope);
}

function checkScope({ stages = [], prefix = '', privileges }: NamedScope): void {
  if (privileges.length === 0) throw invalid('A scope needs privileges: READ, WRITE or both.');
  if (stages.length > MAX_STAGES) throw invalid(`A scope may have at most ${String(MAX_STAGES)} stages.`);
  if (prefix.isWellFormed() && !prefix.includes('\0') && Buffer.byteLength(prefix) <= MAX_PREFIX_BYTES)
    return;
  throw invalid(`The prefix of a scope may have at most ${String(MAX_PREFIX_BYTES)} bytes of valid Unicode.`);
}

function isLife(seconds: number): boolean {
  return Number.isInteger(seconds) && seconds >= 1 && seconds <= MAX_LIFE_SECONDS;
}

function invalid(message: string): UserError {
  return new UserError('InvalidToken', message);
}
