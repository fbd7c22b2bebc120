import type { Span } from '../ast.js';
import type { TokenStream } from '../lexer/token-stream.js';
import type { ServicePrivilege, StagePrivilege } from './people-ast.js';

/** By Databend's words for them, so that a privilege that the type does not have cannot stand here. */
const SERVICE_PRIVILEGES: Readonly<Record<ServicePrivilege, true>> = {
  USAGE: true,
  SELECT: true,
  INSERT: true,
  UPDATE: true,
  DELETE: true,
  ALTER: true,
  SUPER: true,
  GRANT: true,
  SET: true,
  CREATE: true,
  'CREATE USER': true,
  'CREATE ROLE': true,
  'CREATE STAGE': true,
  'CREATE CONNECTION': true,
  'CREATE DATABASE': true,
  'CREATE WAREHOUSE': true,
  'CREATE SEQUENCE': true,
  'CREATE PROCEDURE': true,
  'CREATE MASKING POLICY': true,
  'CREATE ROW ACCESS POLICY': true,
  DROP: true,
  'DROP USER': true,
  'DROP ROLE': true,
  'ACCESS CONNECTION': true,
  'ACCESS SEQUENCE': true,
  'ACCESS PROCEDURE': true,
  'APPLY MASKING POLICY': true,
  'APPLY ROW ACCESS POLICY': true,
};
const STAGE_PRIVILEGES: ReadonlyMap<string, StagePrivilege> = new Map([
  ['READ', 'Read'],
  ['WRITE', 'Write'],
]);
/** The privilege of a policy, `APPLY ON MASKING POLICY p`, has no more words. */
const PRIVILEGES = new Set([...STAGE_PRIVILEGES.keys(), ...Object.keys(SERVICE_PRIVILEGES), 'APPLY']);
/** The words that may follow some words of a privilege; those that may be first follow ''. */
const NEXT_WORDS = nextWords();

function nextWords(): ReadonlyMap<string, readonly string[]> {
  const next = new Map<string, Set<string>>();
  for (const privilege of PRIVILEGES) {
    let before = '';
    for (const word of privilege.split(' ')) {
      next.set(before, (next.get(before) ?? new Set()).add(word));
      before = joined(before, word);
    }
  }
  return new Map([...next].map(([before, words]) => [before, [...words]]));
}

function joined(before: string, word: string): string {
  return before === '' ? word : `${before} ${word}`;
}

/** A privilege in upper case, and its place. */
export interface WrittenPrivilege extends Span {
  readonly words: string;
}

/** Parses `ALL [PRIVILEGES]`, or a list of privileges. */
export function parsePrivileges(tokens: TokenStream): readonly WrittenPrivilege[] | 'all' {
  if (tokens.acceptWord('ALL') !== undefined) {
    tokens.acceptWord('PRIVILEGES');
    return 'all';
  }
  const privileges = [parsePrivilege(tokens)];
  while (tokens.acceptSymbol(',')) privileges.push(parsePrivilege(tokens));
  return privileges;
}

/** Takes as many words as belong to one privilege. */
function parsePrivilege(tokens: TokenStream): WrittenPrivilege {
  const { start } = tokens.peek();
  let words = '';
  for (;;) {
    const word = tokens.acceptWord(...(NEXT_WORDS.get(words) ?? []));
    if (word === undefined) break;
    words = joined(words, word);
  }
  return PRIVILEGES.has(words) ? { words, start, end: tokens.endOfPrevious } : tokens.fail();
}

export function stagePrivilege({ words }: WrittenPrivilege): StagePrivilege | undefined {
  return STAGE_PRIVILEGES.get(words);
}

export function servicePrivilege({ words }: WrittenPrivilege): ServicePrivilege | undefined {
  return isServicePrivilege(words) ? words : undefined;
}

function isServicePrivilege(words: string): words is ServicePrivilege {
  return Object.hasOwn(SERVICE_PRIVILEGES, words);
}
