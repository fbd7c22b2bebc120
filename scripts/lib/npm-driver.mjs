import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

import { runCommand } from './run-command.mjs';

const folder = join(import.meta.dirname, '../../test/clients');
const installed = join(folder, 'node_modules/databend-driver');

/**
 * Databend's npm driver, installed in test/clients when it is not there: `{ folder }`, or `{ reason }` where it is not
 * to be had.
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
    return { reason: error.message };
  }
  return { folder: installed };
}

function platformProblem() {
  const glibc = process.report.getReport().header.glibcVersionRuntime;
  if (process.platform === 'linux' && process.arch === 'x64' && glibc !== undefined) return null;
  return 'databend-driver is on npm for Linux on x64 with glibc alone';
}

function isInstalled() {
  const wanted = readJson(join(folder, 'package.json')).dependencies['databend-driver'];
  const own = join(installed, 'package.json');
  return existsSync(own) && readJson(own).version === wanted;
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
