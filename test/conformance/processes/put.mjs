import { Readable } from 'node:stream';

/**
 * A process that puts objects by the built provider: `node put.mjs <root> <condition> <content> <key>…`. Prints for each the
 * kind of error, or `stored`, and the calls that it was about to make, where they are watched.
 */
const [root, condition, content, ...keys] = process.argv.slice(2);
const provider = new URL('../../../dist/src/storage/providers/fs/fs-storage.provider.js', import.meta.url);
const watched = process.execArgv.some((arg) => arg.includes('watched-fs'))
  ? await import('./watched-fs.mjs')
  : { calls: [] };
const { FsStorageProvider } = await import(provider);
const storage = new FsStorageProvider(root);
const results = [];
for (const key of keys) {
  const options = condition === 'absent' ? { condition: { kind: 'absent' } } : {};
  const put = storage.put(key, Readable.from([Buffer.from(content)]), options);
  results.push(
    await put.then(
      () => 'stored',
      (error) => error.kind,
    ),
  );
}
process.stdout.write(JSON.stringify({ results, calls: watched.calls }));
