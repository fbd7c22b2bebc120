import { Readable } from 'node:stream';

/** @import { ObjectKey } from '../../../src/storage/contract/object-key.js' */
/** @import { PutOptions } from '../../../src/storage/contract/storage-provider.js' */
/** @typedef {typeof import('../../../src/storage/providers/fs/fs-storage.provider.js')} ProviderModule */

/**
 * A process that puts objects by the built provider: `node put.mjs <root> <condition> <content> <key>…`. Prints for each the
 * kind of error, or `stored`, and the calls that it was about to make, where they are watched.
 */
const [root = '', condition, content = '', ...keys] = process.argv.slice(2);
const provider = new URL('../../../dist/src/storage/providers/fs/fs-storage.provider.js', import.meta.url);
const watched = process.execArgv.some((arg) => arg.includes('watched-fs'))
  ? await import('./watched-fs.mjs')
  : { calls: [] };
const { FsStorageProvider } = /** @type {ProviderModule} */ (await import(provider.href));
const storage = new FsStorageProvider(root);
const results = [];
for (const key of keys) {
  /** @type {PutOptions} */
  const options = condition === 'absent' ? { condition: { kind: 'absent' } } : {};
  // The spec gives keys that are valid.
  const put = storage.put(/** @type {ObjectKey} */ (key), Readable.from([Buffer.from(content)]), options);
  results.push(
    await put.then(
      () => 'stored',
      (error) => (error instanceof Error && 'kind' in error ? error.kind : String(error)),
    ),
  );
}
process.stdout.write(JSON.stringify({ results, calls: watched.calls }));
