import { accessSync, constants } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import process from 'node:process';

import { cacheFolder } from '../../scripts/lib/cache-folder.mjs';
import { runCommand } from '../../scripts/lib/run-command.mjs';
import { Unavailable } from '../lib/unavailable.mjs';

/** The program of that name on the PATH, or undefined. */
export function onPath(name) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export function versionOf({ module }) {
  return module.slice(module.lastIndexOf('@') + 2);
}

/** A command of a Go module, built once per machine. */
export async function goProgram({ name, module, takes }, report) {
  return cached(join(name, versionOf({ module }), name), async (scratch) => {
    if (onPath('go') === undefined) throw new Unavailable(`${name} is built by Go, and no go is on the PATH`);
    report(`building ${name} once, ${takes}`);
    const env = { ...process.env, GOBIN: scratch, GOFLAGS: '', GOOS: '', GOARCH: '' };
    await runCommand('go', ['install', module], { env });
    return join(scratch, name);
  });
}

/**
 * A file in the cache folder, which `make(scratch)` makes where it is missing. The rename makes it appear whole or not
 * at all, for a run that is killed and for two at once.
 */
export async function cached(path, make) {
  const target = join(cacheFolder(), path);
  if (isExecutable(target)) return target;
  const folder = join(target, '..');
  await mkdir(folder, { recursive: true });
  const scratch = await mkdtemp(join(folder, 'making-'));
  try {
    await rename(await make(scratch), target);
  } catch (error) {
    throw error instanceof Unavailable ? error : new Unavailable(error.message, { cause: error });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return target;
}
