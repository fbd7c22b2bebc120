import process from 'node:process';

import {
  builtDigest,
  consoleDigest,
  CONSOLE_DIGEST_FILE,
  inputsDigest,
} from '../../scripts/lib/build-inputs.mjs';
import { testClients } from '../../scripts/lib/clients.mjs';
import { startMinio } from '../../scripts/minio.mjs';
import { startTestPostgres } from '../../scripts/postgres.mjs';
import { onlyUnitTests, runsAgainstServer } from './selected-projects.mjs';

/** @import { RunningMinio } from '../../scripts/minio.mjs' */
/** @import { RunningPostgres } from '../../scripts/postgres.mjs' */

/** What the teardown finds of it. */
export const shared =
  /** @type {{ stagedoorTestMinio?: RunningMinio, stagedoorTestPostgres?: RunningPostgres }} */ (globalThis);

/**
 * Starts one PostgreSQL and one MinIO for the whole run, and fetches Databend's own clients. The specs find them by variables of the
 * environment and skip the cases that need what is not to be had.
 */
export default async function globalSetup() {
  refuseStaleBuild();
  const args = process.argv.slice(2);
  await findPostgres();
  if (onlyUnitTests(args)) return;
  if (runsAgainstServer(args)) await findClients();
  const minio = await startMinio();
  if (minio.endpoint === null) {
    const message = `S3 cases are skipped: ${minio.reason}`;
    if (process.env['CI']) throw new Error(`${message} (in CI they must run)`);
    console.error(message);
    return;
  }
  process.env['S3_TEST_ENDPOINT'] = minio.endpoint;
  process.env['S3_TEST_ACCESS_KEY_ID'] = minio.accessKeyId;
  process.env['S3_TEST_SECRET_ACCESS_KEY'] = minio.secretAccessKey;
  shared.stagedoorTestMinio = minio;
}

/** Worker threads and servers run `dist/`, not the sources that Jest transforms. */
function refuseStaleBuild() {
  if (builtDigest() === inputsDigest() && builtDigest(CONSOLE_DIGEST_FILE) === consoleDigest()) return;
  throw new Error('dist/ is not built from these sources: run `npm run build` first, as `npm test` does.');
}

async function findPostgres() {
  const postgres = await startTestPostgres();
  if (postgres.url === null) {
    const message = `Cases on PostgreSQL are skipped: ${postgres.reason}`;
    if (process.env['CI']) throw new Error(`${message} (in CI they must run)`);
    console.error(message);
    return;
  }
  process.env['POSTGRES_TEST_URL'] = postgres.url;
  shared.stagedoorTestPostgres = postgres;
}

async function findClients() {
  for (const { name, variable, value, reason } of await testClients((line) => console.error(line))) {
    if (reason === undefined) {
      process.env[variable] = value;
      continue;
    }
    const message = `Cases of ${name} are skipped: ${reason}`;
    if (process.env['CI']) throw new Error(`${message} (in CI they must run)`);
    console.error(message);
  }
}
