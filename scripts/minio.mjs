import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { messageOf } from './lib/error-facts.mjs';
import { freePort } from './lib/free-port.mjs';
import { onInterruption } from './lib/interruption.mjs';
import { makeBucket } from './lib/make-bucket.mjs';
import { findMinio } from './lib/minio-source.mjs';
import { DEFAULT_KEYS, runMinio } from './lib/minio-server.mjs';

/** @import { MinioAccess } from './lib/minio-server.mjs' */
/** @import { MinioSource } from './lib/minio-source.mjs' */

const BUCKETS = ['databend', 'stagedoor'];
const ATTEMPTS = 3;

/** @typedef {MinioAccess & { reason?: undefined, stop: () => Promise<void> }} RunningMinio */

/**
 * A MinIO for a test run: `{ endpoint, accessKeyId, secretAccessKey, stop }`, or `{ endpoint: null, reason }` where
 * none is to be had. It has a port and a temporary folder of its own; both go at stop() and when the process ends.
 *
 * @param {{ quiet?: boolean }} [options]
 * @returns {Promise<RunningMinio | { endpoint: null, reason: string }>}
 */
export async function startMinio({ quiet = false } = {}) {
  const report = quiet ? () => undefined : (/** @type {string} */ line) => console.error(line);
  const given = givenEndpoint();
  if (given !== null) return given;
  const source = await findMinio(report);
  if (source.reason !== undefined) return { endpoint: null, reason: source.reason };
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnce(source);
    } catch (error) {
      // Somebody else may have taken the free port meanwhile.
      if (attempt === ATTEMPTS) return { endpoint: null, reason: `${source.name}: ${messageOf(error)}` };
    }
  }
}

/** @returns {RunningMinio | null} */
function givenEndpoint() {
  const { S3_TEST_ENDPOINT: endpoint, S3_TEST_ACCESS_KEY_ID, S3_TEST_SECRET_ACCESS_KEY } = process.env;
  if (!endpoint) return null;
  return {
    endpoint,
    accessKeyId: S3_TEST_ACCESS_KEY_ID || DEFAULT_KEYS.accessKeyId,
    secretAccessKey: S3_TEST_SECRET_ACCESS_KEY || DEFAULT_KEYS.secretAccessKey,
    stop: () => Promise.resolve(),
  };
}

/**
 * @param {MinioSource} source
 * @returns {Promise<RunningMinio>}
 */
async function startOnce(source) {
  const home = mkdtempSync(join(tmpdir(), 'stagedoor-minio-'));
  const logFile = join(home, 'minio.log');
  const server = await launch(source, home, logFile);
  const tearDown = () => {
    server.kill();
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  };
  const callOff = onInterruption(tearDown);
  const stop = async () => {
    await server.stop();
    callOff();
    tearDown();
  };
  try {
    await server.live();
  } catch (error) {
    const reason = [messageOf(error), ...lastLines(logFile)].join(' ');
    callOff();
    tearDown();
    throw new Error(reason, { cause: error });
  }
  const { endpoint, accessKeyId, secretAccessKey } = server;
  return { endpoint, accessKeyId, secretAccessKey, stop };
}

/**
 * @param {MinioSource} source
 * @param {string} home
 * @param {string} logFile
 */
async function launch(source, home, logFile) {
  const folder = join(home, 'data');
  mkdirSync(folder);
  const port = await freePort();
  const log = openSync(logFile, 'w');
  const server = runMinio(source, { port, folder, log });
  closeSync(log);
  return server;
}

/** @param {string} file */
function lastLines(file) {
  return readFileSync(file, 'utf8').trim().split('\n').slice(-3);
}

/** `npm run minio`: a MinIO in the foreground, to try external stages with. */
async function serve() {
  const { values } = parseArgs({
    options: { port: { type: 'string', default: '9000' }, data: { type: 'string', default: './data/minio' } },
  });
  const source = await findMinio((line) => console.error(line));
  if (source.reason !== undefined) throw new Error(source.reason);
  const folder = resolve(values.data);
  mkdirSync(folder, { recursive: true });
  const server = runMinio(source, { port: Number(values.port), folder, log: 'inherit' });
  process.once('exit', server.kill);
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void server.stop());
  await server.live();
  for (const bucket of BUCKETS) await makeBucket(server, bucket);
  console.log(`MinIO serves ${folder} at ${server.endpoint}, buckets ${BUCKETS.join(' and ')}`);
  console.log(`access key id ${server.accessKeyId}, secret access key ${server.secretAccessKey}`);
  await server.exited;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await serve();
  } catch (error) {
    console.error(`npm run minio: ${messageOf(error)}`);
    process.exitCode = 1;
  }
}
