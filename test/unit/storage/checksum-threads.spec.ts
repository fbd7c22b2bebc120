import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ChecksumThreads } from '../../../src/storage/checksums/checksum-threads.js';
import { FileChecksums } from '../../../src/storage/providers/fs/write/file-checksums.js';

const MIB = 1024 * 1024;
const threads = new ChecksumThreads(2);

let folder: string;
let handle: FileHandle;

const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

function shared(bytes: Uint8Array): Uint8Array<SharedArrayBuffer> {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stagedoor-checksums-'));
  handle = await open(join(folder, 'file'), 'wx+');
});

afterEach(async () => {
  await handle.close();
  await rm(folder, { recursive: true });
});

describe('a checksum thread', () => {
  it('reads back a file that grows', async () => {
    const content = randomBytes(21 * MIB + 5);
    const checksums = threads.open(['md5']);
    for (let from = 0; from < content.length; from += 999_983) {
      const piece = content.subarray(from, from + 999_983);
      await handle.write(piece, 0, piece.length, from);
      checksums.readFile(handle.fd, from + piece.length);
    }
    expect(await checksums.result()).toEqual({ md5: md5(content) });
    await checksums.close();
  });

  it('reads no further than was told, and goes on when more is told later', async () => {
    const content = randomBytes(6 * MIB);
    await handle.write(content);
    const checksums = threads.open(['md5', 'crc32c']);
    checksums.readFile(handle.fd, 5 * MIB);
    await checksums.waitForLag(0);
    await setTimeout(20);
    checksums.readFile(handle.fd, 6 * MIB);
    expect(await checksums.result()).toMatchObject({ md5: md5(content) });
    await checksums.close();
  });

  it('has caught up when no more than so much is left to read', async () => {
    await handle.truncate(400 * MIB);
    const checksums = threads.open(['sha512', 'md5']);
    checksums.readFile(handle.fd, 400 * MIB);
    await checksums.waitForLag(390 * MIB);
    let isRead = false;
    const reading = checksums.waitForLag(0).then(() => {
      isRead = true;
    });
    expect(isRead).toBe(false);
    await checksums.close();
    await reading;
  });

  it('fails where the file is shorter than was told, and closes all the same', async () => {
    await handle.write(randomBytes(1000));
    const checksums = threads.open(['md5']);
    checksums.readFile(handle.fd, 1001);
    await expect(checksums.result()).rejects.toThrow('the file ends at 1000, before 1001');
    await checksums.close();
  });

  it('hashes nothing more of a content that has failed', async () => {
    const checksums = threads.open(['md5']);
    checksums.readFile(handle.fd, 10);
    await checksums.waitForLag(0).catch(() => undefined);
    await handle.write(randomBytes(10));
    checksums.readFile(handle.fd, 10);
    await expect(checksums.result()).rejects.toThrow('the file ends');
    await checksums.close();
  });

  it('fails no other content on the same thread', async () => {
    const alone = new ChecksumThreads(1);
    const [bad, good] = [alone.open(['md5']), alone.open(['md5'])];
    bad.readFile(handle.fd, 10);
    await good.update(shared(Buffer.from('abc')));
    expect(await good.result()).toEqual({ md5: md5(Buffer.from('abc')) });
    await expect(bad.result()).rejects.toThrow('the file ends');
    await Promise.all([bad.close(), good.close()]);
  });

  it('stops soon when it is closed in the middle of a file, and then reads from it no more', async () => {
    await handle.truncate(4096 * MIB);
    const checksums = threads.open(['sha512', 'sha1', 'md5']);
    checksums.readFile(handle.fd, 4096 * MIB);
    await setTimeout(20);
    const began = Date.now();
    await checksums.close();
    expect(Date.now() - began).toBeLessThan(5_000);
    await handle.truncate(0);
    const next = threads.open(['md5']);
    expect(await next.result()).toEqual({ md5: md5(Buffer.alloc(0)) });
    await next.close();
  });

  it('takes pieces from shared memory in their order, which may be written again when it is done with them', async () => {
    const content = randomBytes(3 * MIB);
    const part = shared(content.subarray(0, MIB));
    const checksums = threads.open(['md5']);
    for (let from = 0; from < content.length; from += MIB) {
      part.set(content.subarray(from, from + MIB));
      await checksums.update(part);
    }
    part.fill(0);
    expect(await checksums.result()).toEqual({ md5: md5(content) });
    await checksums.close();
  });

  it('takes many contents at once, each by itself', async () => {
    const contents = Array.from({ length: 60 }, (_, i) => randomBytes(i * 10_000 + 1));
    const results = await Promise.all(
      contents.map(async (content) => {
        const checksums = threads.open(['md5']);
        for (let from = 0; from < content.length; from += 65_536)
          await checksums.update(shared(content.subarray(from, from + 65_536)));
        const result = await checksums.result();
        await checksums.close();
        return result;
      }),
    );
    expect(results.map(({ md5: hex }) => hex)).toEqual(contents.map(md5));
  });

  it('of a content without a byte gives the checksums of nothing', async () => {
    const checksums = threads.open(['md5']);
    expect(await checksums.result()).toEqual({ md5: md5(Buffer.alloc(0)) });
    await checksums.close();
  });
});

describe('the checksums of a file', () => {
  it('that is written at once are taken at once', async () => {
    const checksums = new FileChecksums(handle.fd, ['md5']);
    checksums.hashWhole([Buffer.from('ab'), Buffer.from('c')]);
    await checksums.onWritten(3); // not a byte is there to read back
    expect(await checksums.result()).toEqual({ md5: md5(Buffer.from('abc')) });
    await checksums.close();
  });

  it('that is written bit by bit are read back', async () => {
    const checksums = new FileChecksums(handle.fd, ['md5']);
    await handle.write('abc');
    await checksums.onWritten(3);
    await handle.write('def');
    await checksums.onWritten(6);
    expect(await checksums.result()).toEqual({ md5: md5(Buffer.from('abcdef')) });
    await checksums.close();
  });

  it('are none where none were asked for', async () => {
    const checksums = new FileChecksums(handle.fd, []);
    await checksums.onWritten(1000); // not a byte is there to read back
    expect(await checksums.result()).toEqual({});
    await checksums.close();
  });

  it('hold the writing up when they are more than 64 MiB behind', async () => {
    await handle.truncate(384 * MIB);
    const checksums = new FileChecksums(handle.fd, ['sha512']);
    const began = performance.now();
    await checksums.onWritten(384 * MIB);
    const held = performance.now();
    await checksums.result();
    // A sixth of the file was left, at most.
    expect(performance.now() - held).toBeLessThan(held - began);
    await checksums.close();
  });
});
