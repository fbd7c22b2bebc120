import type { Statement } from '../ast.js';
import type { TokenStream } from '../lexer/token-stream.js';
import { acceptTables, acceptWarehouseObject } from './grant-objects.js';
import { expectObject } from './names.js';
import type { GrantSource, ServicePrivilege, StagePrivilege } from './people-ast.js';
import { parsePrivileges, servicePrivilege, stagePrivilege, type WrittenPrivilege } from './privileges.js';

type Privileges = readonly WrittenPrivilege[] | 'all';

const BOTH: readonly StagePrivilege[] = ['Read', 'Write'];

/**
 * Parses privileges and what they are on.
 *
 * @returns an `unsupported` statement for an object that only a warehouse has.
 */
export function parseGrantSource(tokens: TokenStream, verb: 'GRANT' | 'REVOKE'): GrantSource | Statement {
  const privileges = parsePrivileges(tokens);
  tokens.expectWord('ON');
  const object = tokens.acceptWord('STAGE', 'CONNECTION');
  if (object === 'STAGE') {
    const name = expectObject(tokens, 'stage');
    return { on: 'stage', name, privileges: stagePrivileges(tokens, privileges) };
  }
  refuseStagePrivileges(tokens, privileges);
  if (object === 'CONNECTION') {
    const name = expectObject(tokens, 'connection');
    assertConnectionPrivilege(tokens, privileges);
    return { on: 'connection', name };
  }
  if (acceptService(tokens)) return { on: 'service', privileges: servicePrivileges(tokens, privileges) };
  const after = verb === 'GRANT' ? 'TO' : 'FROM';
  return acceptWarehouseObject(tokens, verb) ?? acceptTables(tokens, verb, after) ?? tokens.fail();
}

/** Accepts `*.*`. */
function acceptService(tokens: TokenStream): boolean {
  tokens.expecting('*.*');
  if (!tokens.isSymbol('*') || !tokens.isSymbol('.', 1)) return false;
  tokens.take();
  tokens.take();
  tokens.expectSymbol('*');
  return true;
}

function stagePrivileges(tokens: TokenStream, privileges: Privileges): readonly StagePrivilege[] {
  if (privileges === 'all') return BOTH;
  const found = privileges.map(
    (privilege) =>
      stagePrivilege(privilege) ??
      tokens.failAt(privilege, `${privilege.words} is no privilege of a stage, which has READ and WRITE`),
  );
  return [...new Set(found)];
}

function refuseStagePrivileges(tokens: TokenStream, privileges: Privileges): void {
  if (privileges === 'all') return;
  const found = privileges.find((privilege) => stagePrivilege(privilege) !== undefined);
  if (found === undefined) return;
  const rule = `${found.words} is a privilege of a stage: ON STAGE and its name must follow. All stages are part of ALL ON *.*`;
  tokens.failAt(found, rule);
}

function servicePrivileges(tokens: TokenStream, privileges: Privileges): readonly ServicePrivilege[] | 'all' {
  if (privileges === 'all') return 'all';
  const found = privileges.map(
    (privilege) =>
      servicePrivilege(privilege) ??
      tokens.failAt(
        privilege,
        'APPLY alone is a privilege of a policy: ON *.* it has the name of a kind of policy',
      ),
  );
  return [...new Set(found)];
}

function assertConnectionPrivilege(tokens: TokenStream, privileges: Privileges): void {
  if (privileges === 'all') return;
  for (const privilege of privileges) {
    if (privilege.words === 'ACCESS CONNECTION') continue;
    tokens.failAt(
      privilege,
      `${privilege.words} is no privilege of a connection, which has ACCESS CONNECTION`,
    );
  }
}
