import { StorageError } from '../../src/storage/contract/storage-error.js';
import { parseStorageUrl } from '../../src/storage/contract/storage-url.js';
import { MemoryStorageFactory } from '../../src/storage/providers/memory/memory-storage.factory.js';
import { MemoryStorageProvider } from '../../src/storage/providers/memory/memory-storage.provider.js';
import { MIB } from './bodies.js';
import { plantIn } from './plant-in-memory.js';
import {
  WITH_COPY,
  WITH_MOVE,
  WITHOUT_INSPECTION,
  WITHOUT_LONG_COPY,
  WITHOUT_PRESIGNING,
  WITHOUT_SMALL_LIMIT,
} from './cases/left-out.js';
import { runConformance, type OpenedConformanceContext } from './run-conformance.js';

const factory = new MemoryStorageFactory();

function contextOf(provider: MemoryStorageProvider): Promise<OpenedConformanceContext> {
  return Promise.resolve({ provider, plant: plantIn(provider), dispose: () => provider.close() });
}

runConformance('memory', () => contextOf(new MemoryStorageProvider()), [
  ...WITHOUT_PRESIGNING,
  ...WITHOUT_SMALL_LIMIT,
  ...WITHOUT_INSPECTION,
  ...WITH_COPY,
  ...WITH_MOVE,
]);
runConformance('memory with a small limit', () => contextOf(new MemoryStorageProvider(24 * MIB)), [
  ...WITHOUT_PRESIGNING,
  ...WITHOUT_INSPECTION,
  ...WITHOUT_LONG_COPY,
  ...WITH_COPY,
  ...WITH_MOVE,
]);

describe('the factory of stores in memory', () => {
  it.each(['memory:///', 'memory://', 'MEMORY:///'])('takes %s', (url) => {
    const connection = factory.parseConnection(parseStorageUrl(url), new Map());
    expect(connection).toEqual({ scheme: 'memory', url: 'memory:///', rootPrefix: '', options: {} });
    expect(factory.describe()).toEqual({ endpoint: null, hasCredentials: false, params: {} });
  });

  it.each(['memory://host/', 'memory:///dir/', 's3://bucket/'])('refuses %s by name', (url) => {
    expect(() => factory.parseConnection(parseStorageUrl(url), new Map())).toThrow(JSON.stringify(url));
  });

  it('refuses every option by name', () => {
    const options = new Map([
      ['region', 'eu'],
      ['root', '/'],
    ]);
    expect(() => factory.parseConnection(parseStorageUrl('memory:///'), options)).toThrow(/"region".*"root"/);
    expect(() => factory.parseConnection(parseStorageUrl('memory:///'), options)).toThrow(StorageError);
  });

  it('opens stores that are strangers to each other', async () => {
    const [one, other] = [factory.open(), factory.open()];
    expect(one).not.toBe(other);
    await Promise.all([one.close(), other.close()]);
  });
});
