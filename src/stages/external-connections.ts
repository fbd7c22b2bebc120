import { Inject, Injectable } from '@nestjs/common';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import type { StorageConnection } from '../storage/contract/storage-provider-factory.js';
import { StorageError } from '../storage/contract/storage-error.js';
import { StorageRegistry } from '../storage/storage-registry.js';
import { StageError } from './stage-error.js';

/** From what a user writes in CREATE STAGE to a connection: where it may lead is decided here. */
@Injectable()
export class ExternalConnections {
  constructor(
    private readonly registry: StorageRegistry,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /**
   * @param options names in any case.
   * @throws StageError of kind `InvalidConnection` that names what is wrong.
   */
  parse(url: string, options: ReadonlyMap<string, string>): StorageConnection {
    const connection = this.parsed(url, options);
    if (connection.scheme === 'fs') this.refuseOutsideRoots(connection.url.slice('fs://'.length));
    return connection;
  }

  private parsed(url: string, options: ReadonlyMap<string, string>): StorageConnection {
    try {
      return this.registry.parseConnection(
        url,
        new Map([...options].map(([name, value]) => [name.toLowerCase(), value])),
      );
    } catch (error) {
      if (error instanceof StorageError)
        throw new StageError('InvalidConnection', error.message, { cause: error });
      throw error;
    }
  }

  private refuseOutsideRoots(directory: string): void {
    const roots = this.config.fsStageRoots;
    if (roots.some((root) => directory.startsWith(root === '/' ? root : `${root}/`))) return;
    const allowed =
      roots.length === 0 ? 'no directory is allowed yet' : `allowed are directories in ${roots.join(', ')}`;
    throw new StageError(
      'InvalidConnection',
      `A stage may not lie in '${directory}': ${allowed}. The server's setting FS_STAGE_ROOTS says which are.`,
    );
  }
}
