import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
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
  async parse(url: string, options: ReadonlyMap<string, string>): Promise<StorageConnection> {
    const connection = this.parsed(url, options);
    if (connection.scheme === 'fs') await this.refuseOutsideRoots(connection.url.slice('fs://'.length));
    return connection;
  }

  private parsed(url: string, options: ReadonlyMap<string, string>): StorageConnection {
    try {
      const lowerCase = [...options].map(([name, value]) => [name.toLowerCase(), value] as const);
      return this.registry.parseConnection(url, new Map(lowerCase));
    } catch (error) {
      if (error instanceof StorageError)
        throw new StageError('InvalidConnection', error.message, { cause: error });
      throw error;
    }
  }

  private async refuseOutsideRoots(directory: string): Promise<void> {
    const roots = this.config.fsStageRoots;
    for (const root of roots) if (await isWithin(directory, root)) return;
    const allowed =
      roots.length === 0 ? 'no directory is allowed yet' : `allowed are directories in ${roots.join(', ')}`;
    throw new StageError(
      'InvalidConnection',
      `A stage may not lie in '${directory}': ${allowed}. The server's setting FS_STAGE_ROOTS says which are.`,
    );
  }
}

/** By its text, and by where its links lead, as far as it exists. */
async function isWithin(directory: string, root: string): Promise<boolean> {
  if (!isBelow(directory, root)) return false;
  for (let path = directory; isBelow(path, root); path = dirname(path)) {
    try {
      return isBelow(`${await realpath(path)}/`, await realpath(root));
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error) || error.code !== 'ENOENT') return false;
    }
  }
  return true;
}

function isBelow(path: string, root: string): boolean {
  return path.startsWith(root === '/' ? root : `${root}/`);
}
