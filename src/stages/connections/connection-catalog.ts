import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { isVisible, requirePrivilege } from '../../access/access.js';
import { displayName, type Principal } from '../../access/principal.js';
import { SERVICE } from '../../access/privileges.js';
import { connectionObject } from './connection-object.js';
import { ConnectionRepository } from './connection.repository.js';
import { assertOneOption, type CreationOptions } from '../catalog/creation.js';
import { ExternalConnections } from './external-connections.js';
import { validateIdentifier } from '../catalog/identifier.js';
import type { NamedConnection } from './named-connection.js';
import { StageError } from '../stage-error.js';

export interface NewConnection extends CreationOptions {
  readonly name: string;
  /** Case-insensitive. */
  readonly storageType: string;
  /** Names are case-insensitive. */
  readonly options: ReadonlyMap<string, string>;
}

export interface CreatedConnection {
  readonly connection: NamedConnection;
  /** False if `ifNotExists` matched an existing connection. */
  readonly isNew: boolean;
}

/**
 * CREATE, SHOW, DESCRIBE and DROP CONNECTION. As in Databend, a stage copies the options of a connection when it is
 * created: later changes of the connection do not affect it.
 */
@Injectable()
export class ConnectionCatalog {
  constructor(
    private readonly repository: ConnectionRepository,
    private readonly connections: ExternalConnections,
  ) {}

  async create(request: NewConnection, principal: Principal): Promise<CreatedConnection> {
    requirePrivilege(principal, 'CreateConnection', SERVICE);
    assertOneOption(request);
    const connection = this.newConnection(request, principal);
    if (request.orReplace !== true) return this.insert(connection, request, principal);
    const replaced = await this.repository.find(connection.name);
    if (replaced !== null) requirePrivilege(principal, 'Drop', connectionObject(replaced));
    await this.repository.replace(connection, replaced);
    return { connection, isNew: true };
  }

  /** Those that the user may use, ordered by name. */
  async show(principal: Principal): Promise<NamedConnection[]> {
    requirePrivilege(principal, 'ShowConnections', SERVICE);
    const connections = await this.repository.list();
    return connections.filter((connection) => isVisible(principal, connectionObject(connection)));
  }

  /**
   * Resolves a name. A connection that the caller may do nothing with does not exist for it.
   *
   * @throws StageError of kind `UnknownConnection`.
   */
  async resolve(name: string, principal: Principal): Promise<NamedConnection> {
    const connection = await this.find(name);
    if (!isVisible(principal, connectionObject(connection))) throw unknownConnection(name);
    return connection;
  }

  /** @throws StageError of kind `UnknownConnection`. */
  async describe(name: string, principal: Principal): Promise<NamedConnection> {
    const connection = await this.resolve(name, principal);
    requirePrivilege(principal, 'Access', connectionObject(connection));
    return connection;
  }

  /** @throws StageError of kind `UnknownConnection`. */
  async drop(name: string, principal: Principal): Promise<void> {
    const connection = await this.resolve(name, principal);
    requirePrivilege(principal, 'Drop', connectionObject(connection));
    if (!(await this.repository.delete(connection.id))) throw unknownConnection(name);
  }

  private async find(name: string): Promise<NamedConnection> {
    const connection = await this.repository.find(name);
    if (connection === null) throw unknownConnection(name);
    return connection;
  }

  private async insert(
    connection: NamedConnection,
    request: NewConnection,
    principal: Principal,
  ): Promise<CreatedConnection> {
    try {
      await this.repository.insert(connection);
      return { connection, isNew: true };
    } catch (error) {
      const exists = error instanceof StageError && error.kind === 'ConnectionAlreadyExists';
      if (!exists || request.ifNotExists !== true) throw error;
      const existing = await this.find(connection.name);
      if (!isVisible(principal, connectionObject(existing))) throw error; // somebody else's, which is not shown
      return { connection: existing, isNew: false };
    }
  }

  private newConnection(
    { name, storageType, options }: NewConnection,
    principal: Principal,
  ): NamedConnection {
    const problem = validateIdentifier(name);
    if (problem !== undefined) {
      throw new StageError(
        'InvalidConnectionName',
        `Connection name ${JSON.stringify(name)} cannot be used: ${problem}.`,
      );
    }
    const parsed = this.connections.parseOptions(storageType, options);
    return {
      id: randomUUID(),
      name,
      storageType: parsed.storageType,
      creator: displayName(principal),
      createdOn: new Date(),
      ownerRole: principal.currentRole.id,
      decryptOptions: () => parsed.options,
    };
  }
}

function unknownConnection(name: string): StageError {
  return new StageError('UnknownConnection', `Connection '${name}' does not exist.`);
}
