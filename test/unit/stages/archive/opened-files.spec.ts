import { Readable } from 'node:stream';
import { openedFiles } from '../../../../src/stages/archive/opened-files.js';
import { listedKey } from '../../../../src/storage/contract/listed-key.js';
import { StorageError } from '../../../../src/storage/contract/storage-error.js';
import type { ObjectBody, ObjectStat } from '../../../../src/storage/contract/storage-provider.js';
import { ofKind } from '../../of-kind.js';

const LONG = 128 * 1024 + 1;
const { signal } = new AbortController();

function stat(name: string, size: number): ObjectStat {
  const key = listedKey(name);
  return { key, size, lastModified: new Date(), etag: null, md5: null, contentType: null };
}

/** A store that streams every body, and notes what it is asked. */
class Store {
  readonly asked: string[] = [];
  readonly bodies: Readable[] = [];
  readonly #contents: Readonly<Record<string, string | StorageError>>;

  constructor(contents: Readonly<Record<string, string | StorageError>>) {
    this.#contents = contents;
  }

  readonly get = async (key: string): Promise<ObjectBody> => {
    this.asked.push(key);
    await Promise.resolve();
    const content = this.#contents[key] ?? new StorageError('NotFound', 'There is no such file.');
    if (content instanceof StorageError) throw content;
    const body = Readable.from([Buffer.from(content)], { objectMode: false });
    this.bodies.push(body);
    return { stat: stat(key, content.length), range: { start: 0, end: content.length - 1 }, body };
  };

  /** Opens listed files. @param sizes as they were listed. */
  open(sizes: Readonly<Record<string, number>>): ReturnType<typeof openedFiles> {
    const batch = Object.entries(sizes).map(([name, size]) => stat(name, size));
    return openedFiles(this, Readable.from([batch]), signal);
  }
}

async function contentsOf(
  files: ReturnType<typeof openedFiles>,
): Promise<Record<string, string | undefined>> {
  const contents: Record<string, string | undefined> = {};
  for await (const { key, file } of files) {
    contents[key] = file && Buffer.concat(await file.body.toArray()).toString();
  }
  return contents;
}

describe('files that are opened in their order', () => {
  it('are all there, short and long', async () => {
    const contents = { a: 'a', b: 'b'.repeat(LONG), c: '', d: 'd', e: 'e', f: 'f', g: 'g' };
    const sizes = Object.fromEntries(Object.entries(contents).map(([name, { length }]) => [name, length]));
    expect(await contentsOf(new Store(contents).open(sizes))).toEqual(contents);
  });

  it('are read ahead if they are short, and not opened before their turn if they are long', async () => {
    const long = 'x'.repeat(LONG);
    const store = new Store({ a: 'a', b: long, c: 'c', d: 'd', e: long, f: 'f' });
    const files = store.open({ a: 1, b: LONG, c: 1, d: 1, e: LONG, f: 1 });
    await files.next();
    expect(store.asked).toEqual(['a', 'c', 'd']);
    await files.next();
    expect(store.asked).toEqual(['a', 'c', 'd', 'f', 'b']);
    await files.return(undefined);
  });

  it('are undefined if they were removed since they were listed', async () => {
    const found = await contentsOf(new Store({ a: 'a' }).open({ a: 1, b: 1, c: LONG }));
    expect(found).toEqual({ a: 'a', b: undefined, c: undefined });
  });

  it('stream what has become long since it was listed', async () => {
    const contents = { a: 'a'.repeat(LONG), b: 'b' };
    const store = new Store(contents);
    expect(await contentsOf(store.open({ a: 1, b: 1 }))).toEqual(contents);
    expect(store.asked).toEqual(['a', 'b', 'a']);
    expect(store.bodies.every(({ destroyed }) => destroyed)).toBe(true);
  });

  it('fail where one of them does, in its turn', async () => {
    const failed = new StorageError('Unavailable', 'The store is away.');
    const files = new Store({ a: 'a', b: failed, c: failed }).open({ a: 1, b: 1, c: 1 });
    expect((await files.next()).value).toMatchObject({ key: 'a' });
    await expect(files.next()).rejects.toEqual(ofKind('Unavailable'));
  });
});
