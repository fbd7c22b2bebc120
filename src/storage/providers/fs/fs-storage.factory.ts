import { StorageError } from '../../contract/storage-error.js';
import type {
  ConnectionOptions,
  ConnectionSummary,
  OptionChanges,
  PrepareOptions,
  StorageConnection,
  StorageProviderFactory,
} from '../../contract/storage-provider-factory.js';
import type { StorageProvider } from '../../contract/storage-provider.js';
import type { StorageUrl } from '../../contract/storage-url.js';
import { isUnusable } from './fs-root.js';
import { prepareRoot } from './prepare-root.js';
import { FsStorageProvider } from './fs-storage.provider.js';

/** Opens `fs:///dir/`, a directory of the server. Does not decide which directories a stage may name. */
export class FsStorageFactory implements StorageProviderFactory {
  readonly scheme = 'fs';
  readonly #roots: readonly string[];

  /** @param roots directories; a stage below one of them by its path must be there by its real path too. */
  constructor({ roots }: { readonly roots: readonly string[] } = { roots: [] }) {
    this.#roots = roots;
  }

  parseConnection(url: StorageUrl, options: ReadonlyMap<string, string>): StorageConnection {
    const problem = validateUrl(url, options);
    if (problem !== undefined) throw new StorageError('InvalidConfig', problem);
    return { scheme: this.scheme, url: `fs://${url.path}`, rootPrefix: '', options: {} };
  }

  /** It has no options: those of a change are named as unknown. */
  changeOptions(_options: ConnectionOptions, changes: OptionChanges): ConnectionOptions {
    return new Map([...changes.keys()].map((name) => [name, '']));
  }

  describe(connection: StorageConnection): ConnectionSummary {
    return {
      endpoint: null,
      hasCredentials: false,
      params: { root: connection.url.slice('fs://'.length), type: 'Fs' },
    };
  }

  storeName(connection: StorageConnection): string {
    return `fs://${directoryOf(connection)}`;
  }

  async prepare(connection: StorageConnection, options: PrepareOptions): Promise<StorageConnection> {
    const isMarked = await prepareRoot(directoryOf(connection), { ...options, roots: this.#roots });
    return {
      ...connection,
      options: { ...(isMarked ? { marked: 'yes' } : {}), ...(options.isPrivate ? { private: 'yes' } : {}) },
    };
  }

  open(connection: StorageConnection): StorageProvider {
    const { marked, private: isPrivate } = connection.options;
    return new FsStorageProvider(directoryOf(connection), {
      isMarked: marked === 'yes',
      isPrivate: isPrivate === 'yes',
      roots: isPrivate === 'yes' ? [] : this.#roots,
    });
  }
}

function validateUrl(url: StorageUrl, options: ReadonlyMap<string, string>): string | undefined {
  if (url.authority !== '')
    return `fs locations must start with fs:///, as in 'fs:///data/stage/'. Got '${url.text}'.`;
  if (!url.path.endsWith('/')) return `The path in the URL must end with '/'. Got '${url.path}'.`;
  const components = url.path.split('/').slice(1, -1);
  if (components.some(isUnusable) || /\p{Cc}/u.test(url.path)) {
    return `The path in the URL must be plain: no empty, '.' or '..' components, and none of this service's own. Got '${url.path}'.`;
  }
  if (options.size === 0) return undefined;
  return `connection params invalid: expected none for fs, got [${[...options.keys()].join(', ')}].`;
}

function directoryOf(connection: StorageConnection): string {
  const path = connection.url.slice('fs://'.length);
  return path === '/' ? path : path.slice(0, -1);
}
