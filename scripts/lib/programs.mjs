import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';

/** Where Debian keeps servers: an ordinary PATH does not lead there. */
export const SYSTEM_FOLDERS = ['/usr/sbin', '/usr/local/sbin'];

/**
 * The path of an installed program, or undefined.
 *
 * @param {string} name
 * @param {readonly string[]} [others] folders to look into after the PATH
 */
export function findProgram(name, others = []) {
  return [...foldersOnPath(), ...others].map((folder) => join(folder, name)).find(isExecutable);
}

export function foldersOnPath() {
  return (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
}

/** @param {string} path */
export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
