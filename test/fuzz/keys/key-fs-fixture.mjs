import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { codeOf } from '../../../scripts/lib/error-facts.mjs';
import { startFormServer } from '../forms/form-server.mjs';

/** @import { KeyFixture } from './key-fuzzer.mjs' */

const OUTSIDE = ['roots/allowed/a', 'roots/allowed/ext2/a', 'roots/a', 'a'];
/** @type {readonly unknown[]} */
const REFUSALS = ['EEXIST', 'EISDIR', 'ENAMETOOLONG', 'ENOTDIR'];
/** @param {string} name */
const bytes = (name) => Buffer.from(name, 'latin1');

/**
 * A server with an external stage in a folder, to which somebody else writes.
 * @returns {Promise<KeyFixture>}
 */
export async function openKeyFsFixture() {
  const server = await startFormServer((dataFolder) => ({
    DATA_DIR: join(dataFolder, 'data'),
    FS_STAGE_ROOTS: join(dataFolder, 'roots/allowed'),
  }));
  const folder = server.dataFolder;
  const root = join(folder, 'roots/allowed/ext/');
  return {
    name: 'local disk',
    server,
    stage: { name: 'odd', url: `fs://${root}`, connection: {} },
    reset() {
      rmSync(join(folder, 'roots'), { recursive: true, force: true });
      mkdirSync(join(root, '.stagedoor-unfinished'), { recursive: true }); // or it is not the stage's folder
      for (const path of OUTSIDE) plant(Buffer.from(join(folder, path)), `outside at ${path}`);
    },
    put(name, content) {
      return isPath(name) && plant(Buffer.concat([Buffer.from(root), bytes(name)]), content);
    },
    snapshot() {
      const found = new Map(filesIn(Buffer.from(root)));
      for (const path of OUTSIDE) found.set(`outside of the stage: ${path}`, contentOf(join(folder, path)));
      return found;
    },
    close: () => server.stop(),
  };
}

/**
 * Another name leads to the same file, to a directory or out of the folder: no disk has it.
 * @param {string} name
 */
function isPath(name) {
  return name
    .split('/')
    .every((part) => !['', '.', '..', '.stagedoor-unfinished'].includes(part) && !/\0/.test(part));
}

/**
 * @param {Buffer} path
 * @param {string} content
 * @returns whether the disk takes it.
 */
function plant(path, content) {
  try {
    mkdirSync(path.subarray(0, path.lastIndexOf('/')), { recursive: true });
    writeFileSync(path, content);
    return true;
  } catch (error) {
    if (!REFUSALS.includes(codeOf(error))) throw error;
    return false;
  }
}

/**
 * @param {Buffer} directory
 * @param {string} [prefix]
 * @returns {[name: string, content: string][]}
 */
function filesIn(directory, prefix = '') {
  return readdirSync(directory, { encoding: 'buffer', withFileTypes: true }).flatMap((entry) => {
    const name = entry.name.toString('latin1');
    const path = Buffer.concat([directory, entry.name]);
    if (!entry.isDirectory()) return [[prefix + name, contentOf(path)]];
    if (name === '.stagedoor-unfinished') return [];
    return filesIn(Buffer.concat([path, Buffer.from('/')]), `${prefix}${name}/`);
  });
}

/** @param {string | Buffer} path */
function contentOf(path) {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return 'gone';
  }
}
