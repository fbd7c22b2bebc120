import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { isVisible, requirePrivilege } from '../../access/access.js';
import { displayName, type Principal } from '../../access/principal.js';
import { SERVICE } from '../../access/privileges.js';
import type { OptionChanges } from '../../storage/contract/storage-provider-factory.js';
import { connectionObject } from './connection-object.js';
import { ConnectionRepository } from './connection.repository.js';
import { assertOneOption, type CreationOptions } from '../catalog/creation.js';
import { ExternalConnections } from './external-connections.js';
import { validateIdentifier } from '../catalog/identifier.js';
import type { NamedConnection } from './named-connection.js';
import { ReferringStages, type ConnectionUse } from './referring-stages.js';
import { StageError } from '../stage-error.js';

/** Maximum number of stages in a message. */
const NAMED_STAGES = 20;

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
 * CREATE, ALTER, SHOW, DESCRIBE and DROP CONNECTION, for REST and SQL alike. A stage either copies the options of a connection, as
 * in Databend, or refers to it: later changes then affect the stage at once.
 */
@Injectable()
export class ConnectionCatalog {
  constructor(
    private readonly repository: ConnectionRepository,
    private readonly connections: ExternalConnections,
    private readonly referring: ReferringStages,
  ) {}

  async create(request: NewConnection, principal: Principal): Promise<CreatedConnection> {
    requirePrivilege(principal, 'CreateConnection', SERVICE);
    assertOneOption(request);
    const connection = this.newConnection(request, principal);
    if (request.orReplace !== true) return this.insert(connection, request, principal);
    return this.replace(connection, request, principal);
  }

  /**
   * Changes single options. Stages that refer to the connection have them from their next request on, on every server.
   *
   * @throws StageError of kind `UnknownConnection` or `InvalidConnection`.
   */
  async alter(name: string, changes: OptionChanges, principal: Principal): Promise<NamedConnection> {
    const connection = await this.resolve(name, principal);
    requirePrivilege(principal, 'Alter', connectionObject(connection));
    const { storageType } = connection;
    const changed = this.connections.changeOptions(storageType, connection.decryptOptions(), changes);
    const { options } = this.connections.parseOptions(storageType, changed);
    const audited = { actor: principal, altered: [...changes.keys()] };
    const isAltered = await this.repository.alter(connection, options, audited);
    // Dropped, replaced or changed meanwhile: the retry reports it, or changes what is there now.
    return isAltered ? this.find(name) : this.alter(name, changes, principal);
  }

  /** Names the stages that refer to a connection. @throws StageError of kind `UnknownConnection`. */
  async use(name: string, principal: Principal): Promise<ConnectionUse> {
    const connection = await this.describe(name, principal);
    return this.referring.of(connection.id, principal);
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

  /** @throws StageError of kind `UnknownConnection`, or of kind `ConnectionInUse` that names the stages. */
  async drop(name: string, principal: Principal): Promise<void> {
    const connection = await this.resolve(name, principal);
    requirePrivilege(principal, 'Drop', connectionObject(connection));
    const end = await this.repository.delete(connection, principal);
    if (end === 'missing') throw unknownConnection(name);
    if (end === 'in use') throw await this.inUse(connection, principal);
  }

  private async find(name: string): Promise<NamedConnection> {
    const connection = await this.repository.find(name);
    if (connection === null) throw unknownConnection(name);
    return connection;
  }

  private async inUse({ id, name }: NamedConnection, principal: Principal): Promise<StageError> {
    const { stages, hasOthers } = await this.referring.of(id, principal);
    const named = stages.slice(0, NAMED_STAGES);
    const rest = stages.length - named.length;
    const users = [
      ...named,
      ...(rest > 0 ? [`${String(rest)} more`] : []),
      ...(hasOthers ? ['stages that you may not see'] : []),
    ];
    return new StageError(
      'ConnectionInUse',
      `Connection '${name}' cannot be dropped or replaced, because stages refer to it: ${users.join(', ')}. ` +
        'ALTER CONNECTION changes it; or give these stages another connection first.',
    );
  }

  private async replace(
    connection: NamedConnection,
    request: NewConnection,
    principal: Principal,
  ): Promise<CreatedConnection> {
    const existing = await this.repository.find(connection.name);
    if (existing === null) {
      const created = await this.insert(connection, { ...request, ifNotExists: true }, principal);
      return created.isNew ? created : this.replace(connection, request, principal);
    }
    requirePrivilege(principal, 'Drop', connectionObject(existing));
    const end = await this.repository.replace(connection, existing, principal);
    if (end === 'in use') throw await this.inUse(existing, principal);
    // Dropped meanwhile: the retry creates it.
    return end === 'missing' ? this.replace(connection, request, principal) : { connection, isNew: true };
  }

  private async insert(
    connection: NamedConnection,
    request: NewConnection,
    principal: Principal,
  ): Promise<CreatedConnection> {
    try {
      await this.repository.insert(connection, principal);
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
      version: '',
      decryptOptions: () => parsed.options,
    };
  }
}

function unknownConnection(name: string): StageError {
  return new StageError('UnknownConnection', `Connection '${name}' does not exist.`);
}
