import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { isVisible, requirePrivilege } from '../../access/access.js';
import type { Principal } from '../../access/principal.js';
import { SERVICE } from '../../access/privileges.js';
import { APP_CONFIG, type AppConfig } from '../../config/app-config.js';
import type { ConnectionOptions, OptionChanges } from '../../storage/contract/storage-provider-factory.js';
import { StorageError } from '../../storage/contract/storage-error.js';
import { parseStorageUrl } from '../../storage/contract/storage-url.js';
import { StorageRegistry } from '../../storage/storage-registry.js';
import { connectionObject } from './connection-object.js';
import { ConnectionRepository } from './connection.repository.js';
import { StageError } from '../stage-error.js';
import type { ConnectionRef, ExternalLocation, ExternalStage } from '../catalog/stage.js';
import { checkLocation } from '../catalog/stage-limits.js';
import { assertNoLocalPath } from './local-path.js';

type Options = ConnectionOptions;

/** Options that take the place of all others: a copy of a named connection's options, as in Databend, or a reference to them. */
const CONNECTION_NAME = 'connection_name';
const CONNECTION_REF = 'connection_ref';

/** The options of a location, and the connection that they are taken from at any time. */
interface ResolvedOptions {
  readonly options: Options;
  readonly ref: ConnectionRef | null;
}

/** Parses the user's URL and options into a connection, and decides which locations are allowed. */
@Injectable()
export class ExternalConnections {
  constructor(
    private readonly registry: StorageRegistry,
    private readonly named: ConnectionRepository,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /**
   * @param options case-insensitive names, or `connection_name` or `connection_ref` alone.
   * @param statement name for the error message.
   * @throws StageError of kind `InvalidLocation`, or of kind `InvalidConnection` that names the problem; AccessError if the
   *   principal may not use that location or connection.
   */
  async parse(
    url: string,
    options: Options,
    statement: 'CREATE STAGE' | 'ALTER STAGE',
    principal: Principal,
  ): Promise<ExternalLocation> {
    checkLocation(url, options);
    assertNoLocalPath(url);
    const { scheme, path } = parseOrThrow(() => parseStorageUrl(url));
    if (!path.endsWith('/')) {
      throw invalidParameter(`path in URL must end with '/' when ${statement}. Got '${path}'.`);
    }
    // The server's own rights decide what is in its folders.
    if (scheme === 'fs') requirePrivilege(principal, 'UseServerFolders', SERVICE);
    const { options: resolved, ref } = await this.resolveNamed(lowerCaseNames(options), scheme, principal);
    const connection = parseOrThrow(() => this.registry.parseConnection(url, resolved, 'user'));
    if (connection.scheme === 'fs') await this.assertWithinRoots(connection.url.slice('fs://'.length));
    return { connection, ref };
  }

  /**
   * Changes single options of a stage, or takes all of them from a named connection. Its URL stays.
   *
   * @throws as `parse`; StageError of kind `InvalidConnection` for a single option of a stage that refers to a connection.
   */
  async change(
    stage: ExternalStage,
    changes: OptionChanges,
    principal: Principal,
  ): Promise<ExternalLocation> {
    assertSomeChange(changes);
    const named = lowerCaseNames(changes);
    const { scheme, url, options } = stage.decryptStored();
    if (named.has(CONNECTION_NAME) || named.has(CONNECTION_REF))
      return this.parse(url, withoutNulls(named), 'ALTER STAGE', principal);
    if (stage.connectionRef !== null) throw refersToConnection(stage.connectionRef);
    const changed = this.changeOptions(scheme, new Map(Object.entries(options)), named);
    return this.parse(url, changed, 'ALTER STAGE', principal);
  }

  /**
   * Changes single options.
   *
   * @throws StageError of kind `InvalidConnection`.
   */
  changeOptions(scheme: string, options: Options, changes: OptionChanges): Options {
    assertSomeChange(changes);
    return parseOrThrow(() => this.registry.changeOptions(scheme, options, lowerCaseNames(changes)));
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
    for (const name of [CONNECTION_NAME, CONNECTION_REF]) {
      if (normalised.has(name)) throw invalidParameter(`can not use ${name} when create connection`);
    }
    if (!/^[a-z][a-z0-9]{0,30}$/.test(type)) {
      throw invalidParameter(`protocol ${type.slice(0, 30)} is not supported yet.`);
    }
    const url = type === 'fs' ? 'fs:///' : `${type}://any-bucket/`;
    parseOrThrow(() => this.registry.parseConnection(url, normalised, 'user'));
    return { storageType: type, options: normalised };
  }

  private async resolveNamed(
    options: Options,
    scheme: string,
    principal: Principal,
  ): Promise<ResolvedOptions> {
    const option = [CONNECTION_NAME, CONNECTION_REF].find((each) => options.has(each));
    if (option === undefined) return { options, ref: null };
    const name = options.get(option) ?? '';
    const connection = await this.named.find(name);
    if (connection === null || !isVisible(principal, connectionObject(connection))) {
      const shown = name.slice(0, 255);
      throw invalidParameter(`fail to get ${option} ${shown}: Connection '${shown}' does not exist.`);
    }
    requirePrivilege(principal, 'Access', connectionObject(connection));
    if (connection.storageType !== scheme) {
      throw invalidParameter(
        `protocol from ${option}=${name} (${connection.storageType}) not match with uri protocol (${scheme}).`,
      );
    }
    if (options.size > 1) {
      throw invalidParameter(`${option} can not be used with other connection options`);
    }
    if (option === CONNECTION_NAME) return { options: connection.decryptOptions(), ref: null };
    if (scheme === 'fs') {
      throw invalidParameter(
        'a folder of the server is reached without options: leave connection_ref out, or use connection_name',
      );
    }
    return { options: connection.decryptOptions(), ref: { id: connection.id, name } };
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

function lowerCaseNames<Value>(options: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> {
  return new Map([...options].map(([name, value]) => [name.toLowerCase(), value]));
}

/** @throws StageError of kind `InvalidOption` for the removal of an option where all are given anew. */
export function withoutNulls(changes: OptionChanges): Options {
  const options = new Map<string, string>();
  for (const [name, value] of changes) {
    if (value !== null) options.set(name, value);
    else {
      throw new StageError(
        'InvalidOption',
        'null removes one option of a connection. Here all options are given anew: leave out those that are not needed.',
      );
    }
  }
  return options;
}

function assertSomeChange(changes: OptionChanges): void {
  if (changes.size > 0) return;
  throw new StageError('InvalidOption', 'Name the options of the connection that change: there is none.');
}

function refersToConnection({ name }: ConnectionRef): StageError {
  const shown = name ?? 'that was dropped';
  return invalidParameter(
    `the stage refers to the connection ${shown} and has no options of its own: change that connection, or give the stage another one`,
  );
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
