import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

/** Where what is built or fetched once per machine is kept. */
export function cacheFolder() {
  const root = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(root, 'stagedoor');
}
