import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

import { messageOf } from '../error-facts.mjs';
import { runCommand } from '../run-command.mjs';

const folder = join(import.meta.dirname, '../../../test/clients');
const installed = join(folder, 'node_modules/databend-driver');

/**
 * Databend's npm driver, installed in test/clients when it is not there: `{ folder }`, or `{ reason }` where it is not
 * to be had.
 * @param {(line: string) => void} report
 * @returns {Promise<{ folder?: string, reason?: string }>}
 */
export async function npmDriver(report) {
  const missing = platformProblem();
  if (missing !== null) return { reason: missing };
  if (isInstalled()) return { folder: installed };
  report("installing Databend's npm driver in test/clients");
  try {
    // Not `npm ci`: the registry lacks the driver's packages for other platforms, and so does the lockfile. Nothing is saved.
    const options = [
      'install',
      '--no-save',
      '--no-audit',
      '--no-fund',
      '--ignore-scripts',
      '--fetch-retries=1',
    ];
    await runCommand('npm', options, { cwd: folder });
  } catch (error) {
    return { reason: messageOf(error) };
  }
  return { folder: installed };
}

function platformProblem() {
  // Node's own types leave the report untyped.
  const report = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
  const glibc = report.header.glibcVersionRuntime;
  if (process.platform === 'linux' && process.arch === 'x64' && glibc !== undefined) return null;
  return 'databend-driver is on npm for Linux on x64 with glibc alone';
}

function isInstalled() {
  const wanted = readJson(join(folder, 'package.json')).dependencies?.['databend-driver'];
  const own = join(installed, 'package.json');
  return existsSync(own) && readJson(own).version === wanted;
}

/**
 * @param {string} file
 * @returns {{ version?: string, dependencies?: Record<string, string> }}
 */
function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
