import { randomUUID } from 'node:crypto';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import type { FsPath } from './fs-path.js';
import { errnoOf } from './fs-storage.errors.js';

/**
 * Can a file be renamed from one directory into the other? One disk can be mounted twice, which `stat` does not show. The kernel
 * compares the mounts before it looks up the file, so renaming a missing file tells.
 */
export function isSameMount(from: FsPath, to: FsPath): boolean {
  const name = randomUUID();
  try {
    renameSync(inside(from, name), inside(to, name));
  } catch (error) {
    return errnoOf(error) !== 'EXDEV';
  }
  return true;
}

function inside(directory: FsPath, name: string): FsPath {
  if (typeof directory === 'string') return join(directory, name);
  return Buffer.concat([directory, Buffer.from(`/${name}`)]);
}
