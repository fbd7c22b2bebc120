import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import type { AuditAction } from '../../audit/events/audit-action.js';
import { changed, type AuditActor, type AuditEvent } from '../../audit/events/audit-event.js';
import { auditStatement, auditStatementIf, IS_RECORDED } from '../../audit/events/audit-statement.js';
import { SqlDatabase } from '../../database/sql-database.js';
import { sql, type SqlStatement } from '../../database/sql.js';
import { endOfGrantsOn } from '../../users/grants/grant.repository.js';
import { isUniqueViolation } from '../../common/unique-violation.js';
import { SealedBox } from '../../keys/sealed-box.js';
import type { EncryptedColumn } from '../../keys/encrypted-column.js';
import { ConnectionEntity } from './connection.entity.js';
import type { NamedConnection } from './named-connection.js';
import { StageError } from '../stage-error.js';

export const CONNECTION_OPTIONS: EncryptedColumn = {
  label: 'connections',
  table: 'connections',
  column: 'sealed_options',
  names: ['id'],
  rowOf: ({ id = '' }) => rowOf(id),
};

type ConnectionRow = Readonly<Pick<ConnectionEntity, keyof ConnectionEntity>>;

const COLUMNS = `SELECT id, name, storage_type AS "storageType", sealed_options AS "encryptedOptions", creator,
created_on AS "createdOn", owner_role AS "ownerRole" FROM connections`;
const BY_ID = sql<ConnectionRow>(`${COLUMNS} WHERE id = ?`);
/** Makes others wait who want to delete or replace the connection, or to refer to it. */
const HOLD = sql('UPDATE connections SET name = name WHERE id = ?');
const UNUSED = 'NOT EXISTS (SELECT 1 FROM stages WHERE connection_ref = connections.id)';
const INSERT =
  sql(`INSERT INTO connections (id, name, storage_type, sealed_options, creator, created_on, owner_role)
VALUES (?, ?, ?, ?, ?, ?, ?)`);
const EXISTS = sql('SELECT 1 FROM connections WHERE id = ?');
const IS_UNUSED = sql(`SELECT 1 FROM connections WHERE id = ? AND ${UNUSED}`);
/** Each time that options are encrypted, they are another text. */
const HAS_OPTIONS = sql('SELECT 1 FROM connections WHERE id = ? AND sealed_options = ?');
/** With its event, or not at all: of two conditions on the stages, the second could see one that was written in between. */
const DELETE = sql(`DELETE FROM connections WHERE id = ? AND ${IS_RECORDED}`);
const REPLACE =
  sql(`UPDATE connections SET id = ?, storage_type = ?, sealed_options = ?, creator = ?, created_on = ?,
owner_role = ? WHERE id = ? AND ${UNUSED}`);
const ALTER = sql('UPDATE connections SET sealed_options = ? WHERE id = ? AND sealed_options = ?');
const SET_OWNER = sql('UPDATE connections SET owner_role = ? WHERE id = ?');
const DISOWN = sql('UPDATE connections SET owner_role = ? WHERE owner_role = ?');

/** Result of a deletion or replacement. */
export type ConnectionEnd = 'ended' | 'in use' | 'missing';

/** Stores named connections. Their options are stored encrypted. */
@Injectable()
export class ConnectionRepository {
  constructor(
    @InjectRepository(ConnectionEntity) private readonly connections: Repository<ConnectionEntity>,
    private readonly database: SqlDatabase,
    private readonly box: SealedBox,
  ) {}

  async find(name: string): Promise<NamedConnection | null> {
    const entity = await this.connections.findOneBy({ name });
    return entity === null ? null : this.toConnection(entity);
  }

  async findById(id: string): Promise<NamedConnection | null> {
    const [row] = await this.database.read(BY_ID, id);
    return row === undefined ? null : this.toConnection(row);
  }

  /** Ordered by name. */
  async list(): Promise<NamedConnection[]> {
    const entities = await this.connections.find({ order: { name: 'ASC' } });
    return entities.map((entity) => this.toConnection(entity));
  }

  /**
   * Inserts a connection. The database decides between concurrent inserts.
   *
   * @throws StageError of kind `ConnectionAlreadyExists`.
   */
  async insert(connection: NamedConnection, actor: AuditActor): Promise<void> {
    const { id, name, storageType, encryptedOptions, creator, createdOn, ownerRole } = this.toRow(connection);
    const insertion = INSERT.with(id, name, storageType, encryptedOptions, creator, createdOn, ownerRole);
    try {
      await this.database.write([insertion, auditStatement(eventOf('connection.create', actor, connection))]);
    } catch (error) {
      if (isUniqueViolation(error)) {
        throw new StageError('ConnectionAlreadyExists', `Connection '${connection.name}' already exists.`);
      }
      throw error;
    }
  }

  /** Replaces a connection by one of its name, unless stages refer to it. Grants on it end. */
  async replace(
    successor: NamedConnection,
    { id: replaced }: NamedConnection,
    actor: AuditActor,
  ): Promise<ConnectionEnd> {
    const { id, storageType, encryptedOptions, creator, createdOn, ownerRole } = this.toRow(successor);
    const values = [id, storageType, encryptedOptions, creator, createdOn, ownerRole];
    const event = eventOf('connection.create', actor, successor, { replaced });
    return this.end(replaced, [REPLACE.with(...values, replaced), auditStatementIf(EXISTS.with(id), event)]);
  }

  /** Changes the options. @returns false if the connection was changed or has ended since it was read. */
  async alter(
    connection: NamedConnection,
    options: ReadonlyMap<string, string>,
    { actor, altered }: { readonly actor: AuditActor; readonly altered: readonly string[] },
  ): Promise<boolean> {
    const { id, version } = connection;
    const encrypted = this.encrypt(id, options);
    const event = eventOf('connection.alter', actor, connection, { altered });
    const [changes] = await this.database.write([
      ALTER.with(encrypted, id, version),
      auditStatementIf(HAS_OPTIONS.with(id, encrypted), event),
    ]);
    return changes === 1;
  }

  /** Deletes a connection, and all grants on it, unless stages refer to it. */
  async delete(connection: NamedConnection, actor: AuditActor): Promise<ConnectionEnd> {
    const { id } = connection;
    const event = auditStatementIf(IS_UNUSED.with(id), eventOf('connection.drop', actor, connection));
    return this.end(id, [event, DELETE.with(id, event.id)]);
  }

  /**
   * Called after a stage was written that refers to the connection: who deletes it at the same time sees that stage, or this call
   * sees the deletion.
   *
   * @returns false if the connection does not exist any more.
   */
  async hold(id: string): Promise<boolean> {
    const [held] = await this.database.write([HOLD.with(id)]);
    return held === 1;
  }

  /** Gives a connection to a role. */
  ownership(id: string, roleId: string): SqlStatement {
    return SET_OWNER.with(roleId, id);
  }

  /** Gives all connections of a role to another one. */
  succession(fromRoleId: string, toRoleId: string): SqlStatement {
    return DISOWN.with(toRoleId, fromRoleId);
  }

  /** @param ending the end and its event, which change a row each or none. */
  private async end(id: string, ending: readonly SqlStatement[]): Promise<ConnectionEnd> {
    // Held first: the conditions of the other statements then see every stage that was written before.
    const [held, ended] = await this.database.write([HOLD.with(id), ...ending]);
    if (held === 0) return 'missing';
    if (ended === 0) return 'in use';
    await this.database.write([endOfGrantsOn({ kind: 'connection', id })]);
    return 'ended';
  }

  private encrypt(id: string, options: ReadonlyMap<string, string>): string {
    return this.box.encrypt(rowOf(id), Object.fromEntries(options));
  }

  private toRow({
    id,
    name,
    storageType,
    creator,
    createdOn,
    ownerRole,
    decryptOptions,
  }: NamedConnection): ConnectionRow {
    const encryptedOptions = this.encrypt(id, decryptOptions());
    return {
      id,
      name,
      storageType,
      encryptedOptions,
      creator,
      createdOn: createdOn.toISOString(),
      ownerRole,
    };
  }

  private toConnection({ createdOn, encryptedOptions, ...named }: ConnectionRow): NamedConnection {
    const decryptOptions = (): ReadonlyMap<string, string> => {
      // authenticated: the input of `toRow`
      const options = this.box.decrypt(rowOf(named.id), encryptedOptions) as Record<string, string>;
      return new Map(Object.entries(options));
    };
    return { ...named, createdOn: new Date(createdOn), version: encryptedOptions, decryptOptions };
  }
}

/** Never the values of options. */
function eventOf(
  action: AuditAction,
  actor: AuditActor,
  { name, storageType }: NamedConnection,
  detail: AuditEvent['detail'] = {},
): AuditEvent {
  return changed(action, actor, { object: name, detail: { type: storageType, ...detail } });
}

/** Stages use their bare ids as row names, so no encrypted text of one table decrypts in the other. */
function rowOf(id: string): string {
  return `connection ${id}`;
}
