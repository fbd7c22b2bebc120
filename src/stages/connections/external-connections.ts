import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { isVisible, requirePrivilege } from '../../access/access.js';
import type { Principal } from '../../access/principal.js';
import { SERVICE } from '../../access/privileges.js';
import { APP_CONFIG, type AppConfig } from '../../config/app-config.js';
import type { StorageConnection } from '../../storage/contract/storage-provider-factory.js';
import { StorageError } from '../../storage/contract/storage-error.js';
import { parseStorageUrl } from '../../storage/contract/storage-url.js';
import { StorageRegistry } from '../../storage/storage-registry.js';
import { connectionObject } from './connection-object.js';
import { ConnectionRepository } from './connection.repository.js';
import { StageError } from '../stage-error.js';
import { checkLocation } from '../catalog/stage-limits.js';
import { assertNoLocalPath } from './local-path.js';

type Options = ReadonlyMap<string, string>;

/** Option that replaces all options by those of a named connection. */
const CONNECTION_NAME = 'connection_name';

/** Parses the user's URL and options into a connection, and decides which locations are allowed. */
@Injectable()
export class ExternalConnections {
  constructor(
    private readonly registry: StorageRegistry,
    private readonly named: ConnectionRepository,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /**
   * @param options case-insensitive names, or `connection_name` alone.
   * @param statement name for the error message.
   * @throws StageError of kind `InvalidLocation`, or of kind `InvalidConnection` that names the problem; AccessError if the
   *   principal may not use that location or connection.
   */
  async parse(
    url: string,
    options: Options,
    statement: 'CREATE STAGE' | 'ALTER STAGE',
    principal: Principal,
  ): Promise<StorageConnection> {
    checkLocation(url, options);
    assertNoLocalPath(url);
    const { scheme, path } = parseOrThrow(() => parseStorageUrl(url));
    if (!path.endsWith('/')) {
      throw invalidParameter(`path in URL must end with '/' when ${statement}. Got '${path}'.`);
    }
    // The server's own rights decide what is in its folders.
    if (scheme === 'fs') requirePrivilege(principal, 'UseServerFolders', SERVICE);
    const resolved = await this.resolveNamed(lowerCaseNames(options), scheme, principal);
    const connection = parseOrThrow(() => this.registry.parseConnection(url, resolved, 'user'));
    if (connection.scheme === 'fs') await this.assertWithinRoots(connection.url.slice('fs://'.length));
    return connection;
  }

  /**
   * Parses the options of a named connection, and checks everything that does not depend on a URL.
   *
   * @param options case-insensitive names.
   * @throws StageError of kind `InvalidConnection`.
   */
  parseOptions(storageType: string, options: Options): { storageType: string; options: Options } {
    checkLocation(storageType, options);
    const type = storageType.toLowerCase();
    const normalised = lowerCaseNames(options);
    if (normalised.has(CONNECTION_NAME)) {
      throw invalidParameter('can not use connection_name when create connection');
    }
    if (!/^[a-z][a-z0-9]{0,30}$/.test(type)) {
      throw invalidParameter(`protocol ${type.slice(0, 30)} is not supported yet.`);
    }
    const url = type === 'fs' ? 'fs:///' : `${type}://any-bucket/`;
    parseOrThrow(() => this.registry.parseConnection(url, normalised, 'user'));
    return { storageType: type, options: normalised };
  }

  private async resolveNamed(options: Options, scheme: string, principal: Principal): Promise<Options> {
    const name = options.get(CONNECTION_NAME);
    if (name === undefined) return options;
    const connection = await this.named.find(name);
    if (connection === null || !isVisible(principal, connectionObject(connection))) {
      throw invalidParameter(
        `fail to get connection_name ${name.slice(0, 255)}: Connection '${name.slice(0, 255)}' does not exist.`,
      );
    }
    requirePrivilege(principal, 'Access', connectionObject(connection));
    if (connection.storageType !== scheme) {
      throw invalidParameter(
        `protocol from connection_name=${name} (${connection.storageType}) not match with uri protocol (${scheme}).`,
      );
    }
    if (options.size > 1) {
      throw invalidParameter('connection_name can not be used with other connection options');
    }
    return connection.decryptOptions();
  }

  private async assertWithinRoots(directory: string): Promise<void> {
    const roots = this.config.fsStageRoots;
    for (const root of roots) if (await isWithin(directory, root)) return;
    const allowed =
      roots.length === 0 ? 'no directory is allowed yet' : `allowed are directories in ${roots.join(', ')}`;
    throw invalidParameter(
      `a stage may not lie in '${directory}': ${allowed}. The server's setting FS_STAGE_ROOTS says which are.`,
    );
  }
}

function lowerCaseNames(options: Options): Options {
  return new Map([...options].map(([name, value]) => [name.toLowerCase(), value]));
}

function parseOrThrow<Result>(parse: () => Result): Result {
  try {
    return parse();
  } catch (error) {
    if (error instanceof StorageError) throw invalidParameter(error.message, error);
    throw error;
  }
}

/** Wraps a problem of a URL or its options in Databend's message. Messages of the registry already have that form. */
function invalidParameter(problem: string, cause?: StorageError): StageError {
  const form = 'invalid input parameter (';
  const message = problem.startsWith(form) ? problem : `${form}${problem})`;
  return new StageError('InvalidConnection', message, { cause });
}

/** Compares the paths, and the targets of links as far as they exist. */
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
