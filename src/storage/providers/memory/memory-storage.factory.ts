import { StorageError } from '../../contract/storage-error.js';
import type {
  ConnectionOptions,
  ConnectionSummary,
  OptionChanges,
  StorageConnection,
  StorageProviderFactory,
} from '../../contract/storage-provider-factory.js';
import type { StorageProvider } from '../../contract/storage-provider.js';
import type { StorageUrl } from '../../contract/storage-url.js';
import { MemoryStorageProvider } from './memory-storage.provider.js';

const ONLY_URL = 'memory:///';

/** Opens stores in memory. Each opened provider is a separate store, empty at first. */
export class MemoryStorageFactory implements StorageProviderFactory {
  readonly scheme = 'memory';

  parseConnection(url: StorageUrl, options: ReadonlyMap<string, string>): StorageConnection {
    const problems = [...validateUrl(url), ...validateOptions(options)];
    if (problems.length > 0) throw new StorageError('InvalidConfig', problems.join(' '));
    return { scheme: this.scheme, url: ONLY_URL, rootPrefix: '', options: {} };
  }

  /** It has no options: those of a change are named as unknown. */
  changeOptions(_options: ConnectionOptions, changes: OptionChanges): ConnectionOptions {
    return new Map([...changes.keys()].map((name) => [name, '']));
  }

  describe(): ConnectionSummary {
    return { endpoint: null, hasCredentials: false, params: {} };
  }

  storeName(): string {
    return ONLY_URL;
  }

  prepare(connection: StorageConnection): Promise<StorageConnection> {
    return Promise.resolve(connection);
  }

  open(): StorageProvider {
    return new MemoryStorageProvider();
  }
}

function validateUrl(url: StorageUrl): string[] {
  if (url.scheme === 'memory' && url.authority === '' && url.path === '/') return [];
  return [`A store in memory is written '${ONLY_URL}', not ${JSON.stringify(url.text)}.`];
}

function validateOptions(options: ReadonlyMap<string, string>): string[] {
  return [...options.keys()].map((name) => `A store in memory has no option ${JSON.stringify(name)}.`);
}
