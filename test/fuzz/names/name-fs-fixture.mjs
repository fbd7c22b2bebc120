import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

import { startFormServer } from '../forms/form-server.mjs';

/** @import { Dirent } from 'node:fs' */
/** @import { NameFixture } from './name-fuzzer.mjs' */

/** Lies beside every canary: nobody can guess it, so that only a listing of a foreign place can tell it. */
export const SECRET = 'yE7qfMZk2w';
const ETC_PASSWD = 'root:x:0:0';

/** What is where around the stages `target` (internal) and `ext` (external), all below one folder. */
const CANARIES = [
  'canary.txt',
  'outside/canary.txt',
  'data/canary.txt',
  'data/internal/canary.txt',
  'data/internal/.stagedoor-unfinished/canary.txt',
  'data/internal/stage/canary.txt',
  'data/internal/stage/internal/canary.txt',
  'data/internal/stage/internal/targetcanary.txt',
  'data/internal/stage/internal/sibling/canary.txt',
  'data/internal/stage/internal/other/canary.txt',
  'data/internal/stage/user/root/canary.txt',
  'roots/canary.txt',
  'roots/outside/canary.txt',
  'roots/allowed/canary.txt',
  'roots/allowed/.stagedoor-unfinished/canary.txt',
  'roots/allowed/sibling/canary.txt',
  'roots/allowed/other/canary.txt',
  'roots/allowed2/canary.txt',
];
const STAGE_FOLDERS = ['data/internal/stage/internal/target', 'roots/allowed/ext'];
/** The service's own, which change as they please, and what is a folder in its root: URLs are taken literally. */
const CHANGING =
  /^data\/(stagedoor\.db|connection\.key)|^roots\/allowed\/(%2e%2e|\.\.%2foutside|\.\.\\outside)$/;

/**
 * A server on local disk with both kinds of stages, and canaries all around them.
 * @returns {Promise<NameFixture>}
 */
export async function openFsFixture() {
  const server = await startFormServer((dataFolder) => ({
    DATA_DIR: join(dataFolder, 'data'),
    FS_STAGE_ROOTS: join(dataFolder, 'roots/allowed'),
  }));
  const folder = server.dataFolder;
  /** @param {string} path */
  const at = (path) => join(folder, path);
  for (const path of CANARIES) plantCanary(at(path));
  symlinkSync(at('outside'), at('roots/allowed/link-out'));
  return {
    name: 'local disk',
    server,
    secrets: [SECRET, ETC_PASSWD],
    stages: [
      { name: 'sibling' },
      { name: 'other' },
      { name: 'target' },
      { name: 'ext', url: `fs://${at('roots/allowed/ext/')}`, connection: {} },
    ],
    locations: forbiddenLocations(folder),
    prepare: () => {
      for (const stage of STAGE_FOLDERS) plantLinks(at(stage), at('outside'));
    },
    outside: () => Promise.resolve(snapshot(folder)),
    close: () => server.stop(),
  };
}

/** @param {string} folder */
function forbiddenLocations(folder) {
  const allowed = join(folder, 'roots/allowed');
  const paths = [
    `${allowed}/../outside/`,
    `${allowed}/./../outside/`,
    `${allowed}//../outside/`,
    `${allowed}/%2e%2e/outside/`,
    `${allowed}/..%2foutside/`,
    `${allowed}/..\\outside/`,
    `${allowed}/link-out/`,
    `${allowed}/link-out/deep/`,
    `${allowed}2/`,
    `${allowed}/.stagedoor-unfinished/`,
    `${folder}/outside/`,
    `${folder}/data/internal/stage/internal/sibling/`,
    `${folder}/data/`,
    '/',
    '/etc/',
    '/proc/self/cwd/',
  ];
  return [
    ...paths.map((path) => `fs://${path}`),
    `FS://${folder}/outside/`,
    `fs://localhost${folder}/outside/`,
  ];
}

/** @param {string} path */
function plantCanary(path) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `the canary ${SECRET} of ${path}`);
  writeFileSync(join(dirname(path), `hidden-${SECRET}.txt`), 'hidden');
}

/**
 * What a request has put in the place of a link goes.
 * @param {string} stage
 * @param {string} outside
 */
function plantLinks(stage, outside) {
  mkdirSync(stage, { recursive: true });
  const links = {
    'link-dir': outside,
    'link-file': join(outside, 'canary.txt'),
    'link-up': '..',
    'link-dangling': join(outside, 'not-there.txt'),
    'link-loop': 'link-loop',
  };
  for (const [name, to] of Object.entries(links)) {
    const path = join(stage, name);
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) continue;
    rmSync(path, { recursive: true, force: true });
    symlinkSync(to, path);
  }
}

/**
 * Everything but what lies in the two stages: a line for each entry, by its path and its content.
 * @param {string} folder
 * @param {string} [path]
 * @param {string[]} [lines]
 */
function snapshot(folder, path = '', lines = []) {
  for (const entry of readdirSync(join(folder, path), { withFileTypes: true })) {
    const own = path === '' ? entry.name : `${path}/${entry.name}`;
    if (STAGE_FOLDERS.includes(own) || CHANGING.test(own)) continue;
    lines.push(`${own} ${contentOf(join(folder, own), entry)}`);
    if (entry.isDirectory()) snapshot(folder, own, lines);
  }
  return lines;
}

/**
 * @param {string} path
 * @param {Dirent} entry
 */
function contentOf(path, entry) {
  if (entry.isSymbolicLink()) return readlinkSync(path);
  if (entry.isFile()) return createHash('md5').update(readFileSync(path)).digest('hex');
  return 'directory';
}
