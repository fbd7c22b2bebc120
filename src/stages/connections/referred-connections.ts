import { Injectable } from '@nestjs/common';
import type { StorageConnection } from '../../storage/contract/storage-provider-factory.js';
import { StorageRegistry } from '../../storage/storage-registry.js';
import { StageError } from '../stage-error.js';
import { ConnectionRepository } from './connection.repository.js';
import type { NamedConnection } from './named-connection.js';

/** Connects stages by the named connections that they refer to. */
@Injectable()
export class ReferredConnections {
  constructor(
    private readonly repository: ConnectionRepository,
    private readonly registry: StorageRegistry,
  ) {}

  /** @returns the connections that exist, by their ids. */
  async find(ids: Iterable<string>): Promise<ReadonlyMap<string, NamedConnection>> {
    const connections = await Promise.all([...new Set(ids)].map((id) => this.repository.findById(id)));
    return new Map(
      connections.flatMap((connection) => (connection === null ? [] : [[connection.id, connection]])),
    );
  }

  /**
   * Reaches the URL of a stage by the options that the connection has now.
   *
   * @throws StageError of kind `MissingConnection`; SealedBoxError; StorageError for what the settings do not allow any more.
   */
  connectionTo(url: string, connection: NamedConnection | undefined): StorageConnection {
    if (connection === undefined) {
      throw new StageError(
        'MissingConnection',
        'The connection that the stage refers to does not exist any more: give the stage another one.',
      );
    }
    return this.registry.parseConnection(url, connection.decryptOptions(), 'user');
  }

  /** @throws StageError of kind `UnknownConnection` if a connection that a stage now refers to has ended meanwhile. */
  async assertHeld(id: string): Promise<void> {
    if (await this.repository.hold(id)) return;
    throw new StageError(
      'UnknownConnection',
      'The connection that the stage was to refer to has just been dropped: name another one.',
    );
  }
}
