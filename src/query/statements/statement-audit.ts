import type { AuditAction } from '../../audit/events/audit-action.js';
import type { AuditEvent } from '../../audit/events/audit-event.js';
import type { Statement, StatementKind } from '../sql/ast.js';

/** The action of each kind of statement. Undefined for those that ask nothing about anybody's objects. */
const ACTIONS: Readonly<Record<StatementKind, AuditAction | undefined>> = {
  'create-stage': 'stage.create',
  'alter-stage': 'stage.alter',
  'drop-stage': 'stage.drop',
  'show-stages': 'stage.list',
  'select-stages': 'stage.list',
  'describe-stage': 'stage.show',
  'select-files': 'file.list',
  remove: 'file.remove',
  presign: 'file.presign',
  'create-connection': 'connection.create',
  'alter-connection': 'connection.alter',
  'drop-connection': 'connection.drop',
  'describe-connection': 'connection.show',
  'show-connections': 'connection.list',
  'create-user': 'user.create',
  'alter-user': 'user.alter',
  'drop-user': 'user.drop',
  'describe-user': 'user.show',
  'show-users': 'user.list',
  'select-users': 'user.list',
  'create-role': 'role.create',
  'alter-role': 'role.alter',
  'drop-role': 'role.drop',
  'show-roles': 'role.list',
  'select-roles': 'role.list',
  grant: 'grant.give',
  revoke: 'grant.revoke',
  'grant-role': 'grant.give',
  'revoke-role': 'grant.revoke',
  'grant-ownership': 'stage.give',
  'show-grants': 'grant.list',
  'select-grants': 'grant.list',
  'set-role': undefined,
  'set-secondary-roles': undefined,
  'set-default-role': 'user.alter',
  'select-one': undefined,
  'select-nothing': undefined,
  'select-values': undefined,
  'select-unknown': undefined,
  use: undefined,
  set: undefined,
  unset: undefined,
  'show-settings': undefined,
  transaction: undefined,
  'show-nothing': undefined,
  unsupported: undefined,
  'not-built': undefined,
};

/** The action and object of a statement, by its own words. */
export function auditedAs(
  statement: Statement,
): Pick<AuditEvent, 'action' | 'stage' | 'path' | 'object'> | undefined {
  const action = ACTIONS[statement.kind];
  if (action === undefined) return undefined;
  const location = locationOf(statement);
  if (location !== undefined) {
    const [, stage = '', path = ''] = /^@?([^/]*)\/?(.*)$/s.exec(location) ?? [];
    return { action, stage: { name: stage }, path };
  }
  const name = 'name' in statement ? statement.name : undefined;
  if (name === undefined) return { action };
  return action.startsWith('stage.') ? { action, stage: { name } } : { action, object: name };
}

function locationOf(statement: Statement): string | undefined {
  if (statement.kind === 'select-files') return statement.parameters.get('location');
  return statement.kind === 'remove' || statement.kind === 'presign' ? statement.location : undefined;
}
