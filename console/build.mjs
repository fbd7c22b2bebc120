import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import {
  BUILD_FOLDER,
  builtDigest,
  consoleDigest,
  CONSOLE_DIGEST_FILE,
} from '../scripts/lib/build-inputs.mjs';

const CONFIG = join(import.meta.dirname, 'vite.config.mjs');

export const CONSOLE_FOLDER = 'console';

/** Builds the console into `dist/console/` where it has changed: changes of `src/` do not wait for it. */
export async function buildConsole() {
  const digest = consoleDigest();
  if (builtDigest(CONSOLE_DIGEST_FILE) === digest && existsSync(join(BUILD_FOLDER, CONSOLE_FOLDER))) return;
  rmSync(CONSOLE_DIGEST_FILE, { force: true });
  const { build } = await import('vite');
  // Libraries carry directives for servers that render React, of which Vite would warn.
  await build({ configFile: CONFIG, logLevel: 'error' });
  writeFileSync(CONSOLE_DIGEST_FILE, digest);
}
