import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startServer } from '../support/server-under-test.mjs';
import { StageHttp } from '../support/stage-http.mjs';

export const SECRET = 'what lies outside of the root '.repeat(50);
/** What only lies outside has this in its name. */
export const OUTSIDE = 'outside-only';
export const FILES = ['a.csv', 'b.csv', 'sub/c.csv'];
/** Of stages: the folder of one is exchanged, and of the other the stage's own directory. */
export const TARGETS = [
  { stage: 'folders', folder: 'dir' },
  { stage: 'folders', folder: 'deep/er' },
  { stage: 'moved', folder: 'dir' },
];

/**
 * Files that are no stage's, with every name that is asked for, and directories that could be removed.
 * @param {string} outside
 */
function plantOutside(outside) {
  for (const folder of ['.', 'dir']) {
    const at = join(outside, folder);
    mkdirSync(join(at, 'sub'), { recursive: true });
    mkdirSync(join(at, 'empty'), { recursive: true });
    for (const name of [...FILES, `${OUTSIDE}.csv`, `sub/${OUTSIDE}.csv`]) {
      writeFileSync(join(at, name), SECRET);
    }
  }
  mkdirSync(join(outside, 'unfinished'));
}

/**
 * Each of the first is a directory of a stage, each of the second a link to what lies outside.
 * @param {string} exports
 * @param {string} outside
 * @returns {[directory: string, link: string][]}
 */
function plantLinks(exports, outside) {
  const links = join(exports, 'links');
  mkdirSync(links, { recursive: true });
  /** @type {[place: string, target: string][]} */
  const places = [
    ['folders/dir', outside],
    ['folders/deep/er', outside],
    ['folders/.stagedoor-unfinished', join(outside, 'unfinished')],
    ['moved', outside],
  ];
  return places.map(([place, target], index) => {
    const link = join(links, String(index));
    symlinkSync(target, link);
    return [join(exports, place), link];
  });
}

/**
 * Everything below a directory, with its content and when it was changed.
 * @param {string} directory
 */
export function treeOf(directory) {
  const names = readdirSync(directory, { encoding: 'utf8', recursive: true }).sort();
  return ['.', ...names].map((name) => {
    const path = join(directory, name);
    const { ino, mode, mtimeNs, ctimeNs } = lstatSync(path, { bigint: true });
    const content = lstatSync(path).isFile() ? readFileSync(path, 'utf8').length : null;
    return [name, ino, mode, mtimeNs, ctimeNs, content].map(String).join(' ');
  });
}

/** A server with two stages on a disk, and what lies beside them. */
export async function openScene() {
  const folder = mkdtempSync(join(tmpdir(), 'stagedoor-links-'));
  const [exports, outside] = [join(folder, 'exports'), join(folder, 'outside')];
  mkdirSync(exports);
  plantOutside(outside);
  const logFile = join(folder, 'server.log');
  const settings = { FS_STAGE_ROOTS: exports, LEFTOVER_SWEEP_SECONDS: '1' };
  const server = await startServer({ dataDir: join(folder, 'data'), logFile, settings });
  const service = new StageHttp(server.url);
  for (const stage of ['folders', 'moved']) {
    await service.createStage({ name: stage, url: `fs://${join(exports, stage)}/` });
  }
  for (const { stage, folder: at } of TARGETS) {
    for (const name of FILES) mkdirSync(join(exports, stage, at, name, '..'), { recursive: true });
  }
  const pairs = plantLinks(exports, outside);
  const close = async () => {
    service.close();
    await server.kill();
    rmSync(folder, { recursive: true });
  };
  return { service, outside, pairs, close };
}
