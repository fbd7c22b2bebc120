import process from 'node:process';

import { messageOf } from '../../../../scripts/lib/error-facts.mjs';
import { findPostgres } from '../../../../scripts/lib/postgres-source.mjs';
import { findHaproxy } from './haproxy.mjs';

const reason = await reasonToSkip();

/** `describe` where these cases find the programs of PostgreSQL and HAProxy; else they are skipped, and in CI they fail. */
export function describeWithCluster(name: string, cases: () => void): void {
  if (reason === undefined) {
    describe(name, cases);
    return;
  }
  if (process.env['CI']) throw new Error(`${reason} (in CI they must run)`);
  process.stderr.write(`${reason}\n`);
  describe.skip(name, cases);
}

async function reasonToSkip(): Promise<string | undefined> {
  const what = 'Harnesses with several servers are skipped';
  try {
    const found = await findPostgres((line) => process.stderr.write(`${line}\n`));
    if (found.reason !== undefined) return `${what}: ${found.reason}`;
  } catch (error) {
    return `${what}: ${messageOf(error)}`;
  }
  return findHaproxy() === undefined ? `${what}: there is no HAProxy: apt-get install haproxy` : undefined;
}
