import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { cacheFolder } from './cache-folder.mjs';
import { codeOf, messageOf } from './error-facts.mjs';
import { runCommand } from './run-command.mjs';

/**
 * A Python with the packages of a requirements file, made once per machine: `{ python }`, or `{ reason }` where it is
 * not to be had.
 * @param {string} requirements
 * @param {string} name
 * @param {(line: string) => void} report
 * @returns {Promise<{ python?: string, reason?: string }>}
 */
export async function pythonWith(requirements, name, report) {
  try {
    const version = await runCommand('python3', ['--version']);
    const key = createHash('sha256').update(version).update(readFileSync(requirements)).digest('hex');
    const folder = join(cacheFolder(), `python-${name}-${key.slice(0, 12)}`);
    if (!existsSync(folder)) await makeVenv(folder, requirements, report);
    return { python: join(folder, 'bin/python') };
  } catch (error) {
    return { reason: `no Python with ${name}: ${messageOf(error)}` };
  }
}

/**
 * @param {string} folder
 * @param {string} requirements
 * @param {(line: string) => void} report
 */
async function makeVenv(folder, requirements, report) {
  report(`installing Python packages once: ${requirements}`);
  mkdirSync(cacheFolder(), { recursive: true });
  // The rename makes the folder appear whole or not at all, for a killed run and for two runs at once.
  const scratch = mkdtempSync(`${folder}-`);
  try {
    await runCommand('python3', ['-m', 'venv', scratch]);
    const options = ['--quiet', '--disable-pip-version-check', '--only-binary', ':all:', '--retries', '1'];
    await runCommand(join(scratch, 'bin/python'), ['-m', 'pip', 'install', ...options, '-r', requirements]);
    rename(scratch, folder);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/**
 * @param {string} scratch
 * @param {string} folder
 */
function rename(scratch, folder) {
  try {
    renameSync(scratch, folder);
  } catch (error) {
    if (codeOf(error) !== 'ENOTEMPTY' && codeOf(error) !== 'EEXIST') throw error;
  }
}
