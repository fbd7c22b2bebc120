import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { startFormServer } from '../forms/form-server.mjs';

const OUTSIDE = ['roots/allowed/a', 'roots/allowed/ext2/a', 'roots/a', 'a'];
const REFUSALS = ['EEXIST', 'EISDIR', 'ENAMETOOLONG', 'ENOTDIR'];
const bytes = (name) => Buffer.from(name, 'latin1');

/** A server with an external stage in a folder, to which somebody else writes. */
export async function openKeyFsWorld() {
  let folder;
  const server = await startFormServer((dataFolder) => {
    folder = dataFolder;
    return { DATA_DIR: join(folder, 'data'), FS_STAGE_ROOTS: join(folder, 'roots/allowed') };
  });
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

/** Another name leads to the same file, to a directory or out of the folder: no disk has it. */
function isPath(name) {
  return name
    .split('/')
    .every((part) => !['', '.', '..', '.stagedoor-unfinished'].includes(part) && !/\0/.test(part));
}

/** @returns whether the disk takes it. */
function plant(path, content) {
  try {
    mkdirSync(path.subarray(0, path.lastIndexOf('/')), { recursive: true });
    writeFileSync(path, content);
    return true;
  } catch (error) {
    if (!REFUSALS.includes(error.code)) throw error;
    return false;
  }
}

function filesIn(directory, prefix = '') {
  return readdirSync(directory, { encoding: 'buffer', withFileTypes: true }).flatMap((entry) => {
    const name = entry.name.toString('latin1');
    const path = Buffer.concat([directory, entry.name]);
    if (!entry.isDirectory()) return [[prefix + name, contentOf(path)]];
    if (name === '.stagedoor-unfinished') return [];
    return filesIn(Buffer.concat([path, Buffer.from('/')]), `${prefix}${name}/`);
  });
}

function contentOf(path) {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return 'gone';
  }
}
