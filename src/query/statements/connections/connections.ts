import { connectionView } from '../../../stages/connections/connection-view.js';
import type { ConnectionCatalog } from '../../../stages/connections/connection-catalog.js';
import type { Column, Row } from '../../rows/table.js';
import { writtenRows } from '../../rows/written-rows.js';
import type { AlterConnection, CreateConnection, Statement } from '../../sql/ast.js';
import { ifExists } from '../if-exists.js';
import { NO_RESULT_SET, type StatementHandler } from '../statement-handler.js';

const COLUMNS: readonly Column[] = [
  { name: 'name', type: 'String' },
  { name: 'storage_type', type: 'String' },
  { name: 'storage_params', type: 'String' },
];

export function createConnection(catalog: ConnectionCatalog): StatementHandler<CreateConnection> {
  return async (connection, { principal }) => {
    await catalog.create(connection, principal);
    return NO_RESULT_SET;
  };
}

export function alterConnection(catalog: ConnectionCatalog): StatementHandler<AlterConnection> {
  return async ({ name, ifExists: ignoreMissing, options }, { principal }) => {
    await ifExists('UnknownConnection', ignoreMissing, () => catalog.alter(name, options, principal));
    return NO_RESULT_SET;
  };
}

export function dropConnection(
  catalog: ConnectionCatalog,
): StatementHandler<Extract<Statement, { kind: 'drop-connection' }>> {
  return async ({ name, ifExists: ignoreMissing }, { principal }) => {
    await ifExists('UnknownConnection', ignoreMissing, () => catalog.drop(name, principal));
    return NO_RESULT_SET;
  };
}

export function describeConnection(
  catalog: ConnectionCatalog,
): StatementHandler<Extract<Statement, { kind: 'describe-connection' }>> {
  return async ({ name }, { principal }) => {
    return { columns: COLUMNS, rows: writtenRows([rowOf(await catalog.describe(name, principal))]) };
  };
}

export function showConnections(
  catalog: ConnectionCatalog,
): StatementHandler<Extract<Statement, { kind: 'show-connections' }>> {
  return async (_statement, { principal }) => {
    return { columns: COLUMNS, rows: writtenRows((await catalog.show(principal)).map(rowOf)) };
  };
}

function rowOf(connection: Parameters<typeof connectionView>[0]): Row {
  const view = connectionView(connection);
  return [view.name, view.storage_type, view.storage_params];
}
