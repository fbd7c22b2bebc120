import type { TokenStream } from '../lexer/token-stream.js';
import { expectRole } from './names.js';
import type { UserOptions } from './people-ast.js';

/** An option, or the name of one that this service does not have. */
type ParsedOption = UserOptions | string;
type OptionParser = (tokens: TokenStream) => ParsedOption;

const OPTIONS: ReadonlyMap<string, OptionParser> = new Map<string, OptionParser>([
  ['DEFAULT_ROLE', (tokens) => ({ defaultRole: parseValue(tokens, expectRole) })],
  ['DEFAULT_WAREHOUSE', (tokens) => ({ defaultWarehouse: parseValue(tokens, expectString) })],
  ['DISABLED', (tokens) => ({ disabled: parseValue(tokens, expectBoolean) })],
  ['MUST_CHANGE_PASSWORD', (tokens) => ({ mustChangePassword: parseValue(tokens, expectBoolean) })],
  ['TENANTSETTING', () => ({ tenantSetting: true })],
  ['NOTENANTSETTING', () => ({ tenantSetting: false })],
  ['SET', parseSet],
  ['UNSET', (tokens) => `UNSET ${parsePolicy(tokens)}`],
  ['ADD', parseAddKey],
  ['REMOVE', parseRemoveKey],
]);
/** Objects that a user can be bound to, by their first words. */
const POLICIES: ReadonlyMap<string, string> = new Map([
  ['NETWORK', 'POLICY'],
  ['PASSWORD', 'POLICY'],
  ['WORKLOAD', 'GROUP'],
]);

interface ParsedOptions {
  readonly options: UserOptions;
  /** The first option that this service does not have. */
  readonly missing: string | undefined;
}

/** Accepts `WITH option, …`. */
export function acceptUserOptions(tokens: TokenStream): ParsedOptions {
  let options: UserOptions = {};
  let missing: string | undefined;
  if (tokens.acceptWord('WITH') === undefined) return { options, missing };
  do {
    const parse = OPTIONS.get(tokens.expectWord(...OPTIONS.keys())) ?? tokens.fail();
    const option = parse(tokens);
    if (typeof option === 'string') missing ??= option;
    else options = { ...options, ...option };
  } while (tokens.acceptSymbol(','));
  return { options, missing };
}

function parseValue<Value>(tokens: TokenStream, expectValue: (tokens: TokenStream) => Value): Value {
  tokens.expectSymbol('=');
  return expectValue(tokens);
}

function expectString(tokens: TokenStream): string {
  return tokens.expectString();
}

function expectBoolean(tokens: TokenStream): boolean {
  return tokens.expectWord('TRUE', 'FALSE') === 'TRUE';
}

/** Parses `NETWORK POLICY`, `PASSWORD POLICY` or `WORKLOAD GROUP`. */
function parsePolicy(tokens: TokenStream): string {
  const first = tokens.expectWord(...POLICIES.keys());
  return `${first} ${tokens.expectWord(POLICIES.get(first) ?? '')}`;
}

function parseSet(tokens: TokenStream): string {
  const policy = parsePolicy(tokens);
  parseValue(tokens, expectString);
  return `SET ${policy}`;
}

/** Parses what follows `ADD`: `PUBLIC_KEY = '…' [LABEL = '…']`. */
function parseAddKey(tokens: TokenStream): string {
  tokens.expectWord('PUBLIC_KEY');
  parseValue(tokens, expectString);
  if (tokens.acceptWord('LABEL') !== undefined) parseValue(tokens, expectString);
  return 'ADD PUBLIC_KEY';
}

/** Parses what follows `REMOVE`: `PUBLIC_KEY {LABEL | FINGERPRINT} = '…'`. */
function parseRemoveKey(tokens: TokenStream): string {
  tokens.expectWord('PUBLIC_KEY');
  tokens.expectWord('LABEL', 'FINGERPRINT');
  parseValue(tokens, expectString);
  return 'REMOVE PUBLIC_KEY';
}
