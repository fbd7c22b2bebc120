import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { requirePrivilege } from '../../access/access.js';
import { displayName, type Principal } from '../../access/principal.js';
import { SERVICE } from '../../access/privileges.js';
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
    if (request.orReplace !== true) return this.insert(connection, request);
    await this.repository.replace(connection);
    return { connection, isNew: true };
  }

  /** Ordered by name. */
  async show(principal: Principal): Promise<NamedConnection[]> {
    requirePrivilege(principal, 'ShowConnections', SERVICE);
    return this.repository.list();
  }

  /** @throws StageError of kind `UnknownConnection`. */
  async describe(name: string, principal: Principal): Promise<NamedConnection> {
    requirePrivilege(principal, 'Access', { kind: 'connection', name });
    return this.find(name);
  }

  /** @throws StageError of kind `UnknownConnection`. */
  async drop(name: string, principal: Principal): Promise<void> {
    requirePrivilege(principal, 'Drop', { kind: 'connection', name });
    if (!(await this.repository.delete(name))) throw unknownConnection(name);
  }

  private async find(name: string): Promise<NamedConnection> {
    const connection = await this.repository.find(name);
    if (connection === null) throw unknownConnection(name);
    return connection;
  }

  private async insert(connection: NamedConnection, request: NewConnection): Promise<CreatedConnection> {
    try {
      await this.repository.insert(connection);
      return { connection, isNew: true };
    } catch (error) {
      const exists = error instanceof StageError && error.kind === 'ConnectionAlreadyExists';
      if (!exists || request.ifNotExists !== true) throw error;
      return { connection: await this.find(connection.name), isNew: false };
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
      decryptOptions: () => parsed.options,
    };
  }
}

function unknownConnection(name: string): StageError {
  return new StageError('UnknownConnection', `Connection '${name}' does not exist.`);
}
