import { randomBytes } from 'node:crypto';
import { open, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

const MIB = 1024 ** 2;
const MARKER_BYTES = 64;
/** The source, its copy, and the parts of it that a store keeps until they are put together. */
const COPIES = 3;

/** The size of what is uploaded whole: 5 GiB, unless LARGE_BYTES says less (or more). */
export const LARGE_BYTES = Number(process.env['LARGE_BYTES'] ?? 5 * 1024 ** 3);

/** Fails with a sentence where the disk is too small, before anything is written to it. */
export async function requireDisk(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= bytes * COPIES) return;
  const needed = `${String(Math.ceil((bytes * COPIES) / MIB))} MiB`;
  throw new Error(`${needed} of free disk are needed, and there are ${String(Math.floor(free / MIB))} MiB.`);
}

/**
 * A sparse file with random bytes in every MiB, at another offset in each: a part that is lost, doubled, cut or in the
 * wrong place changes its digest.
 */
export async function makeLargeFile(path: string, bytes: number): Promise<void> {
  await requireDisk(dirname(path), bytes);
  const file = await open(path, 'wx');
  try {
    await file.truncate(bytes);
    for (let start = 0; start < bytes; start += MIB) {
      const room = Math.max(1, Math.min(MIB, bytes - start) - MARKER_BYTES);
      const offset = start + (randomBytes(4).readUInt32LE() % room);
      await file.write(randomBytes(Math.min(MARKER_BYTES, bytes - offset)), 0, undefined, offset);
    }
    await file.write(randomBytes(1), 0, 1, bytes - 1);
  } finally {
    await file.close();
  }
}
