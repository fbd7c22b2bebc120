import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

import { cacheFolder } from './cache-folder.mjs';
import { runCommand } from './run-command.mjs';

// The newest that builds with Rust before 1.96.
const VERSION = '0.33.7';

const root = join(cacheFolder(), `bendsql-${VERSION}`);
const binary = join(root, 'bin/bendsql');

/** The bendsql that BENDSQL names, or one built once per machine by cargo. */
export async function bendsql(report) {
  const present = builtBendsql();
  if (present !== undefined) return present;
  report(`building bendsql ${VERSION} once, about 12 minutes; BENDSQL=<path> names one that is there`);
  await runCommand('cargo', ['install', 'bendsql', '--version', VERSION, '--locked', '--root', root]);
  return binary;
}

/** The bendsql that BENDSQL names, or the one that has been built, or undefined. */
export function builtBendsql() {
  return process.env.BENDSQL || (existsSync(binary) ? binary : undefined);
}
