import type { ShowGrants, Statement } from '../ast.js';
import type { TokenStream } from '../lexer/token-stream.js';
import { parseFilter } from '../show-filter.js';
import { acceptWarehouseObject } from './grant-objects.js';
import { expectObject, expectRole, parseGrantee } from './names.js';

/** Accepts `USERS`, `ROLES` or `GRANTS` after SHOW, and their clauses. */
export function acceptShowPeople(tokens: TokenStream): Statement | undefined {
  switch (tokens.acceptWord('USERS', 'ROLES', 'GRANTS')) {
    case 'USERS':
      return { kind: 'show-users', ...parseFilter(tokens) };
    case 'ROLES':
      return { kind: 'show-roles', ...parseFilter(tokens) };
    case 'GRANTS':
      return parseShowGrants(tokens);
    case undefined:
    default:
      return undefined;
  }
}

function parseShowGrants(tokens: TokenStream): Statement {
  const word = tokens.acceptWord('FOR', 'ON', 'OF');
  if (word !== 'ON') return showGrants(tokens, word === undefined ? undefined : parsePerson(tokens, word));
  const object = tokens.acceptWord('STAGE', 'CONNECTION');
  if (object === undefined) return acceptWarehouseObject(tokens, 'SHOW GRANTS') ?? tokens.fail();
  const kind = object === 'STAGE' ? 'stage' : 'connection';
  return showGrants(tokens, { kind, name: expectObject(tokens, kind) });
}

/** Parses what follows `FOR`, a user or a role, or `OF`, always a role. */
function parsePerson(tokens: TokenStream, word: string): ShowGrants['for'] {
  if (word === 'FOR') return parseGrantee(tokens);
  tokens.expectWord('ROLE');
  return { kind: 'role-members', name: expectRole(tokens) };
}

function showGrants(tokens: TokenStream, subject: ShowGrants['for']): ShowGrants {
  return { kind: 'show-grants', for: subject, ...parseFilter(tokens) };
}
