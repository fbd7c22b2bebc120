import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { rolldown } from 'rolldown';

/** What Node is given to run: the server, the operator's command, and the worker threads that both start. */
const ENTRY_POINTS = {
  main: 'src/main.js',
  admin: 'src/admin/cli.js',
  'walk-worker': 'src/storage/providers/fs/read/walk-worker.js',
  'password-worker': 'src/users/accounts/password-worker.js',
  'checksum-worker': 'src/storage/checksums/checksum-worker.js',
};

const OWN_MODULE = /^[./]/;

export const BUNDLE_FOLDER = 'server';

/**
 * Bundles what the compiler wrote to `dist/src/` into a few files in `dist/server/`: Node takes longer to find and link hundreds
 * of modules than to run them. Libraries stay outside. A module that is imported on demand stays a file of its own.
 */
export async function bundle(buildFolder) {
  const dir = join(buildFolder, BUNDLE_FOLDER);
  const build = await rolldown({
    cwd: buildFolder,
    input: ENTRY_POINTS,
    platform: 'node',
    external: (id) => !OWN_MODULE.test(id) && !Object.values(ENTRY_POINTS).includes(id),
  });
  rmSync(dir, { recursive: true, force: true });
  await build.write({ dir, format: 'esm', sourcemap: true });
  await build.close();
  copyDocsLibraries(join(dir, 'docs'));
}

/** What the page at `/docs` shows the API with. */
function copyDocsLibraries(folder) {
  const { resolve } = createRequire(import.meta.url);
  mkdirSync(folder);
  for (const name of ['swagger-ui.css', 'swagger-ui-bundle.js']) {
    copyFileSync(resolve(`swagger-ui-dist/${name}`), join(folder, name));
  }
}
