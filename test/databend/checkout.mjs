import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { runCommand } from '../../scripts/lib/run-command.mjs';

/** Databend's tests in a folder of their own, which goes with `close`. @typedef {{ folder: string, close: () => void }} Checkout */

/**
 * Copies files and folders of a checkout of Databend, which is a work tree or a bare repository: as they are at `commit`, if it
 * has that, else at its HEAD. A folder without Git is taken as it is.
 *
 * @param {string} source
 * @param {{ commit: string, paths: readonly string[], report: (line: string) => void }} options
 * @returns {Promise<Checkout>}
 */
export async function openCheckout(source, options) {
  const folder = mkdtempSync(join(tmpdir(), 'stagedoor-databend-'));
  const close = () => rmSync(folder, { recursive: true, force: true });
  try {
    const repository = repositoryOf(source);
    if (repository === undefined) copyFolder(source, folder, options);
    else await copyCommit(repository, folder, options);
  } catch (error) {
    close();
    throw error;
  }
  return { folder, close };
}

/** @param {string} source */
function repositoryOf(source) {
  if (existsSync(join(source, '.git'))) return join(source, '.git');
  return existsSync(join(source, 'HEAD')) && existsSync(join(source, 'objects')) ? source : undefined;
}

/**
 * @param {string} repository
 * @param {string} folder
 * @param {Parameters<typeof openCheckout>[1]} options
 */
async function copyCommit(repository, folder, { commit, paths, report }) {
  const git = (/** @type {string[]} */ ...args) => runCommand('git', [`--git-dir=${repository}`, ...args]);
  const hasCommit = await git('cat-file', '-e', `${commit}^{commit}`).then(
    () => true,
    () => false,
  );
  if (!hasCommit) report(`the checkout has no commit ${commit}: lines may have moved in its HEAD`);
  const archive = join(folder, 'tests.tar');
  await git('archive', `--output=${archive}`, hasCommit ? commit : 'HEAD', ...paths);
  await runCommand('tar', ['-xf', archive, '-C', folder]);
}

/**
 * @param {string} source
 * @param {string} folder
 * @param {Parameters<typeof openCheckout>[1]} options
 */
function copyFolder(source, folder, { commit, paths, report }) {
  report(`no repository: lines are those of commit ${commit}, and may be others there`);
  for (const path of paths) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(join(source, path), join(folder, path), { recursive: true });
  }
}
