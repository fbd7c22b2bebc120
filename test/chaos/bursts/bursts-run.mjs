import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { startBuiltServer } from '../../../scripts/lib/built-server.mjs';
import { LoadBody } from '../load/load-body.mjs';
import { Bucket } from '../support/bucket.mjs';
import { StageHttp } from '../support/stage-http.mjs';
import { uploadByCurl } from './bursts-curl.mjs';
import { MemoryWatch, probeSettings } from './bursts-memory.mjs';

const MIB = 1024 * 1024;
/** Contents that differ: the file of an upload is the one of its number. */
const CONTENTS = 4;
const BUCKET = 'bursts';
const BETWEEN_BURSTS_MS = 1_000;
/** What a burst sends, one after the other: `[stage, kind]` of its uploads in turn. */
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

function makeContents(folder, length) {
  return Array.from({ length: CONTENTS }, (_, number) => {
    const body = new LoadBody(number, length);
    const file = join(folder, `content-${number}`);
    writeFileSync(file, Buffer.concat([...body.chunks()]));
    return { file, size: length, md5: body.md5() };
  });
}

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

async function burst(url, { http, number, uploads, contents }) {
  const kinds = BURSTS[number % BURSTS.length];
  const plans = Array.from({ length: uploads }, (_, index) => {
    const [stage, kind] = kinds[index % kinds.length];
    const content = contents[index % contents.length];
    return { stage, kind, name: `burst-${number}-${index}`, file: content.file, content };
  });
  const problems = await Promise.all(plans.map((plan) => uploadByCurl(url, plan)));
  return [...problems.filter((problem) => problem !== undefined), ...(await problemsOfFiles(http, plans))];
}

/** Every file is listed with its size and md5, and the first one of each stage has these bytes. */
async function problemsOfFiles(http, plans) {
  const problems = [];
  for (const stage of new Set(plans.map((plan) => plan.stage))) {
    const rows = new Map((await http.list(stage)).map((row) => [row.name, row]));
    const own = plans.filter((plan) => plan.stage === stage);
    for (const { name, content } of own) {
      const { size, md5 } = rows.get(name) ?? {};
      if (size !== content.size || md5 !== content.md5)
        problems.push(`${stage}/${name}: ${size} bytes, ${md5}`);
    }
    const [{ name, content }] = own;
    const bytes = (await http.download(stage, name)) ?? Buffer.alloc(0);
    if (createHash('md5').update(bytes).digest('hex') !== content.md5)
      problems.push(`${stage}/${name} has other bytes`);
  }
  return problems;
}
