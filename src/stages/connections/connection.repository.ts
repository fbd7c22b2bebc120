import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
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

const DELETE = sql('DELETE FROM connections WHERE id = ?');
const SET_OWNER = sql('UPDATE connections SET owner_role = ? WHERE id = ?');
const DISOWN = sql('UPDATE connections SET owner_role = ? WHERE owner_role = ?');

type ConnectionRow = Readonly<Pick<ConnectionEntity, keyof ConnectionEntity>>;

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
  async insert(connection: NamedConnection): Promise<void> {
    try {
      await this.connections.insert(this.toRow(connection));
    } catch (error) {
      if (isUniqueViolation(error)) {
        throw new StageError('ConnectionAlreadyExists', `Connection '${connection.name}' already exists.`);
      }
      throw error;
    }
  }

  /** Inserts a connection, or replaces the connection of its name, in one statement. Grants on that one end. */
  async replace(successor: NamedConnection, replaced: Pick<NamedConnection, 'id'> | null): Promise<void> {
    await this.connections.upsert(this.toRow(successor), ['name']);
    if (replaced !== null)
      await this.database.write([endOfGrantsOn({ kind: 'connection', id: replaced.id })]);
  }

  /** Deletes a connection, and all grants on it. @returns whether it existed. */
  async delete(id: string): Promise<boolean> {
    const [deleted] = await this.database.write([DELETE.with(id), endOfGrantsOn({ kind: 'connection', id })]);
    return deleted === 1;
  }

  /** Gives a connection to a role. */
  ownership(id: string, roleId: string): SqlStatement {
    return SET_OWNER.with(roleId, id);
  }

  /** Gives all connections of a role to another one. */
  succession(fromRoleId: string, toRoleId: string): SqlStatement {
    return DISOWN.with(toRoleId, fromRoleId);
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
    const encryptedOptions = this.box.encrypt(rowOf(id), Object.fromEntries(decryptOptions()));
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

  private toConnection({ createdOn, encryptedOptions, ...named }: ConnectionEntity): NamedConnection {
    const decryptOptions = (): ReadonlyMap<string, string> => {
      // authenticated: the input of `toRow`
      const options = this.box.decrypt(rowOf(named.id), encryptedOptions) as Record<string, string>;
      return new Map(Object.entries(options));
    };
    return { ...named, createdOn: new Date(createdOn), decryptOptions };
  }
}

/** Stages use their bare ids as row names, so no encrypted text of one table decrypts in the other. */
function rowOf(id: string): string {
  return `connection ${id}`;
}
