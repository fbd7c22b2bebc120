import { join } from 'node:path';
import { keyBytes } from '../../storage/contract/key-bytes.js';
import { failed } from '../admin-error.js';

/** Prefix of all files of stages in the internal storage. */
export const STAGE_FILES = 'stage/';

/** Returns the path of a key's file below a folder, as bytes: names of external programs need not be UTF-8. */
export function pathOfKey(folder: string, key: string): Buffer {
  const bytes = keyBytes(key);
  const components = key.split('/');
  if (bytes === undefined || !key.startsWith(STAGE_FILES) || components.some(isTraversal)) {
    throw failed(`${JSON.stringify(key)} is no file of an internal storage.`);
  }
  return Buffer.concat([Buffer.from(join(folder, '/')), bytes]);
}

export function folderOf(path: Buffer): Buffer {
  return path.subarray(0, path.lastIndexOf('/'));
}

function isTraversal(component: string): boolean {
  return component === '' || component === '.' || component === '..';
}
