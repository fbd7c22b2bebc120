import type { TokenStream } from '../lexer/token-stream.js';
import type { Authentication, AuthType } from './people-ast.js';

const TYPES: ReadonlyMap<string, AuthType> = new Map([
  ['NO_PASSWORD', 'no_password'],
  ['SHA256_PASSWORD', 'sha256_password'],
  ['DOUBLE_SHA1_PASSWORD', 'double_sha1_password'],
]);
const MISSING_TYPES = ['JWT', 'KEY_PAIR'];

interface ParsedAuthentication {
  readonly authentication: Authentication;
  /** The type, if it is one that this service does not have. */
  readonly missing: string | undefined;
}

/** Accepts `IDENTIFIED [WITH type] [BY 'secret']`. */
export function acceptAuthentication(tokens: TokenStream): ParsedAuthentication | undefined {
  if (tokens.acceptWord('IDENTIFIED') === undefined) return undefined;
  const word =
    tokens.acceptWord('WITH') === undefined ? '' : tokens.expectWord(...TYPES.keys(), ...MISSING_TYPES);
  const secret = tokens.acceptWord('BY') === undefined ? undefined : tokens.expectString();
  const missing = MISSING_TYPES.includes(word) ? `IDENTIFIED WITH ${word.toLowerCase()}` : undefined;
  return { authentication: { type: TYPES.get(word), secret }, missing };
}
