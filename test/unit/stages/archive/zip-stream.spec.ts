import { Readable } from 'node:stream';
import { type ArchivedFile, ZipStream } from '../../../../src/stages/archive/zip-stream.js';
import { listedKey } from '../../../../src/storage/contract/listed-key.js';
import { ShortBody } from '../../../../src/storage/contract/short-body.js';
import { ofKind } from '../../of-kind.js';
import { entriesOf } from './zip-entries.js';

/** @param size as the store has said it. */
function file(name: string, body: Readable, size: number): ArchivedFile {
  const unknown = { etag: null, md5: null, contentType: null };
  return { name, file: { stat: { key: listedKey(name), size, lastModified: new Date(), ...unknown }, body } };
}

function short(name: string, content = name, size = content.length): ArchivedFile {
  return file(name, new ShortBody(Buffer.from(content)), size);
}

function long(name: string, content: string, size = content.length): ArchivedFile {
  return file(name, Readable.from([Buffer.from(content.slice(0, 7)), Buffer.from(content.slice(7))]), size);
}

function zip(...files: readonly ArchivedFile[]): AsyncGenerator<Buffer> {
  return new ZipStream().write(Readable.from(files));
}

async function whole(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  return Buffer.concat(await Readable.from(pieces).toArray());
}

describe('a ZIP', () => {
  it('has contents that are in memory, and others, in their order', async () => {
    const archive = await whole(zip(long('a/é.csv', 'a longer content'), short('b', ''), short('c')));
    expect(await entriesOf(archive)).toEqual([
      ['a/é.csv', 'a longer content', 16],
      ['b', '', 0],
      ['c', 'c', 1],
    ]);
  });

  it('of more than 65,535 files is whole', async () => {
    const files = Array.from({ length: 66_000 }, (_, number) => short(String(number)));
    const entries = await entriesOf(await whole(zip(...files)));
    expect(entries.map(([name]) => name)).toEqual(files.map(({ name }) => name));
  });

  it.each([
    ['in memory is longer', short('b', 'content', 6)],
    ['in memory is shorter', short('b', 'content', 8)],
    ['is longer', long('b', 'a longer content', 15)],
    ['is shorter', long('b', 'a longer content', 17)],
  ])('fails at a content that %s than its store has said, and ends there', async (_what, failing) => {
    await expect(whole(zip(short('a'), failing, short('c')))).rejects.toEqual(ofKind('Unexpected'));
    expect(failing.file.body.destroyed).toBe(true);
  });

  it('whose reader leaves destroys the content that it reads', async () => {
    const body = Readable.from([Buffer.from('one'), Buffer.from('two')]);
    const pieces = zip(file('a', body, 6), short('b'));
    await pieces.next();
    expect(body.destroyed).toBe(false);
    await pieces.return(undefined);
    expect(body.destroyed).toBe(true);
  });
});
