import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';

import { cacheFolder } from '../../scripts/lib/cache-folder.mjs';
import { messageOf } from '../../scripts/lib/error-facts.mjs';
import { findProgram, isExecutable } from '../../scripts/lib/programs.mjs';
import { runCommand } from '../../scripts/lib/run-command.mjs';
import { Unavailable } from '../lib/unavailable.mjs';

/** @typedef {{ name: string, module: string, takes: string }} GoProgram What Go builds, and how long that takes. */

/** @param {Pick<GoProgram, 'module'>} program */
export function versionOf({ module }) {
  return module.slice(module.lastIndexOf('@') + 2);
}

/**
 * A command of a Go module, built once per machine.
 *
 * @param {GoProgram} program
 * @param {(line: string) => void} report
 * @throws Unavailable where it cannot be built.
 */
export async function goProgram({ name, module, takes }, report) {
  return cached(join(name, versionOf({ module }), name), async (scratch) => {
    if (findProgram('go') === undefined)
      throw new Unavailable(`${name} is built by Go, and no go is on the PATH`);
    report(`building ${name} once, ${takes}`);
    const env = { ...process.env, GOBIN: scratch, GOFLAGS: '', GOOS: '', GOARCH: '' };
    await runCommand('go', ['install', module], { env });
    return join(scratch, name);
  });
}

/**
 * A file in the cache folder, which `make(scratch)` makes where it is missing. The rename makes it appear whole or not
 * at all, for a run that is killed and for two at once.
 * @param {string} path below the cache folder
 * @param {(scratch: string) => Promise<string>} make returns the path of what it has made
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
    throw error instanceof Unavailable ? error : new Unavailable(messageOf(error), { cause: error });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return target;
}
