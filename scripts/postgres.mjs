import process from 'node:process';
import { messageOf } from './lib/error-facts.mjs';
import { onInterruption } from './lib/interruption.mjs';
import { findPostgres } from './lib/postgres-source.mjs';
import { startPostgres } from './lib/postgres-server.mjs';

/** @typedef {{ url: string, reason?: undefined, stop: () => Promise<void> }} RunningPostgres */

/**
 * A PostgreSQL for a test run, with an empty database; `{ url: null, reason }` where none is to be had.
 *
 * @returns {Promise<RunningPostgres | { url: null, reason: string }>}
 */
export async function startTestPostgres() {
  const given = process.env['POSTGRES_TEST_URL'];
  if (given) return { url: given, stop: () => Promise.resolve() };
  const found = await findPostgres((line) => console.error(line));
  if (found.reason !== undefined) return { url: null, reason: found.reason };
  try {
    const server = await startPostgres(found.bin, { settings: ['max_connections=300'] });
    const callOff = onInterruption(server.kill);
    const stop = async () => {
      callOff();
      await server.remove();
    };
    return { url: server.url('postgres'), stop };
  } catch (error) {
    return { url: null, reason: `PostgreSQL does not start: ${messageOf(error)}` };
  }
}
