import process from 'node:process';
import { parseArgs } from 'node:util';

import { makeBucket } from '../../../scripts/lib/make-bucket.mjs';
import { startMinio } from '../../../scripts/minio.mjs';
import { runBurst, runIdle } from './load-run.mjs';

const BUCKET = 'load';

function chosen() {
  const { values } = parseArgs({
    options: {
      uploads: { type: 'string', default: '500' },
      idle: { type: 'string', default: '2000' },
      seconds: { type: 'string', default: '20' },
      storage: { type: 'string', default: 'fs' },
    },
  });
  const { uploads, idle, seconds, storage } = values;
  return { uploads: Number(uploads), idle: Number(idle), seconds: Number(seconds), storage };
}

/**
 * @param {ReturnType<typeof chosen>} options
 * @param {Readonly<Record<string, string>>} settings
 */
async function run({ uploads, idle, seconds, storage }, settings) {
  /** @type {string[]} */
  const violations = [];
  if (uploads > 0) {
    const result = await runBurst(uploads, settings);
    console.log(
      `${storage}: ${uploads} uploads of 8 MiB at once in ${result.seconds.toFixed(1)} s: ${result.stored} stored ` +
        `and whole, ${result.refused} refused with Retry-After; peak RSS of the server ${result.peak} MiB`,
    );
    violations.push(...result.violations);
  }
  if (idle > 0) {
    const result = await runIdle(idle, seconds, settings);
    console.log(
      `${storage}: ${idle} idle connections: ${result.requests} uploads and listings beside them, median ` +
        `${result.median.toFixed(0)} ms, longest ${result.worst.toFixed(0)} ms; ${result.givenUp} silent uploads ` +
        `given up; peak RSS of the server ${result.peak} MiB`,
    );
    violations.push(...result.violations);
  }
  console.log(`violations: ${violations.length}`);
  for (const violation of violations.slice(0, 20)) console.log(`  ${violation}`);
  process.exitCode = violations.length === 0 ? 0 : 1;
}

/** @param {ReturnType<typeof chosen>} options */
async function runOnMinio(options) {
  const minio = await startMinio();
  if (minio.endpoint === null) throw new Error(`no MinIO: ${minio.reason}`);
  try {
    await makeBucket(minio, BUCKET);
    await run(options, {
      INTERNAL_STORAGE_URL: `s3://${BUCKET}/`,
      INTERNAL_STORAGE_ENDPOINT_URL: minio.endpoint,
      INTERNAL_STORAGE_ACCESS_KEY_ID: minio.accessKeyId,
      INTERNAL_STORAGE_SECRET_ACCESS_KEY: minio.secretAccessKey,
    });
  } finally {
    await minio.stop();
  }
}

const options = chosen();
await (options.storage === 'minio' ? runOnMinio(options) : run(options, {}));
