import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { cacheFolder } from './cache-folder.mjs';
import { runCommand } from './run-command.mjs';

/** The folder that holds the executable of a release line of Node, fetched once from npm: `otherNode('24')`. */
export async function otherNode(major) {
  const folder = join(cacheFolder(), `node-${major}`);
  mkdirSync(folder, { recursive: true });
  // The package fetches its executable by an install script, which npm 12 runs only where it is named.
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ private: true, allowScripts: { node: true } }),
  );
  await runCommand('npm', ['install', '--no-audit', '--no-fund', `node@${major}`], { cwd: folder });
  return join(folder, 'node_modules/node/bin');
}
