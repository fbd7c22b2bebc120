import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { startBuiltServer } from '../../../scripts/lib/built-server.mjs';
import { LoadBody } from '../load/load-body.mjs';
import { Bucket } from '../support/bucket.mjs';
import { inTurn } from '../support/in-turn.mjs';
import { StageHttp } from '../support/stage-http.mjs';
import { uploadByCurl } from './bursts-curl.mjs';
import { MemoryWatch, probeSettings } from './bursts-memory.mjs';

/** @import { MinioAccess } from '../../../scripts/lib/minio-server.mjs' */
/** @import { Kind } from './bursts-curl.mjs' */
/** @import { Memory } from './bursts-memory.mjs' */

/**
 * @typedef {object} BurstsPlan
 * @property {number} bursts
 * @property {number} uploads in each burst, at once
 * @property {number} mib of each upload
 * @property {number} restSeconds between the last burst and the last look
 * @property {Readonly<Record<string, string>>} [settings] of the server
 * @property {(moment: string, memory: Memory) => void} [report]
 */
/** @typedef {{ file: string, size: number, md5: string }} FileContent */
/** @typedef {{ stage: string, kind: Kind, name: string, file: string, content: FileContent }} PlannedUpload */

const MIB = 1024 * 1024;
/** Contents that differ: the file of an upload is the one of its number. */
const CONTENTS = 4;
const BUCKET = 'bursts';
const BETWEEN_BURSTS_MS = 1_000;
/**
 * What a burst sends, one after the other: its uploads in turn.
 *
 * @type {(readonly (readonly [stage: string, kind: Kind])[])[]}
 */
const BURSTS = [
  [['on_s3', 'raw']],
  [['on_s3', 'form']],
  [
    ['on_s3', 'raw'],
    ['on_disk', 'form'],
    ['on_s3', 'form'],
    ['on_disk', 'raw'],
  ],
  [['on_disk', 'raw']],
  [['on_disk', 'form']],
  [
    ['on_s3', 'raw'],
    ['on_s3', 'form'],
  ],
];

/**
 * Sends bursts of uploads by curls of their own to one server, with a stage on disk and one on a MinIO.
 *
 * @param {MinioAccess} minio
 * @param {BurstsPlan} plan
 * @returns figures in MiB of its resident memory: at its peak, and when it has been at rest for a while; and `violations`.
 */
export async function runBursts(
  minio,
  { bursts, uploads, mib, restSeconds, settings = {}, report = () => undefined },
) {
  const folder = mkdtempSync(join(tmpdir(), 'stagedoor-bursts-'));
  const probeFile = join(folder, 'array-buffers');
  const contents = makeContents(folder, mib * MIB);
  const server = await startBuiltServer({ LOG_LEVEL: 'fatal', ...probeSettings(probeFile), ...settings });
  const url = `http://${server.host}`;
  const http = new StageHttp(url);
  const watch = new MemoryWatch(server.child.pid, probeFile);
  /** @type {string[]} */
  const violations = [];
  try {
    await makeStages(http, minio);
    await delay(BETWEEN_BURSTS_MS);
    report('started', watch.now);
    const start = watch.now;
    for (let number = 0; number < bursts; number++) {
      const problems = await burst(url, { http, number, uploads, contents });
      violations.push(...problems);
      report(`burst ${number + 1}`, watch.now);
      await delay(BETWEEN_BURSTS_MS);
    }
    const { peakRss } = watch.now;
    await delay(restSeconds * 1000);
    const rest = watch.now;
    report(`${restSeconds} s later`, rest);
    return {
      start: start.rss,
      peak: peakRss,
      rest: rest.rss,
      arrayBuffers: watch.peakArrayBuffers,
      violations,
    };
  } finally {
    watch.stop();
    http.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} folder
 * @param {number} length
 */
function makeContents(folder, length) {
  return Array.from({ length: CONTENTS }, (_, number) => {
    const body = new LoadBody(number, length);
    const file = join(folder, `content-${number}`);
    writeFileSync(file, Buffer.concat([...body.chunks()]));
    return { file, size: length, md5: body.md5() };
  });
}

/**
 * @param {StageHttp} http
 * @param {MinioAccess} minio
 */
async function makeStages(http, minio) {
  const bucket = new Bucket(minio, BUCKET);
  await bucket.make();
  await http.createStage({ name: 'on_disk' });
  await http.createStage({
    name: 'on_s3',
    url: `s3://${BUCKET}/${process.pid}/`,
    connection: bucket.connection,
  });
  bucket.close();
}

/**
 * @param {string} url
 * @param {{ http: StageHttp, number: number, uploads: number, contents: readonly FileContent[] }} plan
 */
async function burst(url, { http, number, uploads, contents }) {
  const kinds = inTurn(BURSTS, number);
  const plans = Array.from({ length: uploads }, (_, index) => {
    const [stage, kind] = inTurn(kinds, index);
    const content = inTurn(contents, index);
    return { stage, kind, name: `burst-${number}-${index}`, file: content.file, content };
  });
  const problems = await Promise.all(plans.map((plan) => uploadByCurl(url, plan)));
  return [...problems.filter((problem) => problem !== undefined), ...(await problemsOfFiles(http, plans))];
}

/**
 * Every file is listed with its size and md5, and the first one of each stage has these bytes.
 * @param {StageHttp} http
 * @param {readonly PlannedUpload[]} plans
 */
async function problemsOfFiles(http, plans) {
  /** @type {string[]} */
  const problems = [];
  for (const stage of new Set(plans.map((plan) => plan.stage))) {
    const rows = new Map((await http.list(stage)).map((row) => [row.name, row]));
    const own = plans.filter((plan) => plan.stage === stage);
    for (const { name, content } of own) {
      const row = rows.get(name);
      if (row?.size !== content.size || row.md5 !== content.md5)
        problems.push(`${stage}/${name}: ${row?.size} bytes, ${row?.md5}`);
    }
    const { name, content } = inTurn(own, 0);
    const bytes = (await http.download(stage, name)) ?? Buffer.alloc(0);
    if (createHash('md5').update(bytes).digest('hex') !== content.md5)
      problems.push(`${stage}/${name} has other bytes`);
  }
  return problems;
}
