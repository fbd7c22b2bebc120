import { join } from 'node:path';
import { keyBytes } from '../../storage/contract/key-bytes.js';
import { failed } from '../admin-error.js';

/** Below the internal storage's root, all files of stages lie here. */
export const STAGE_FILES = 'stage/';

/** The path of the file of that key below a folder. Names of others need not be UTF-8. */
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
