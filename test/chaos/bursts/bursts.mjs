import process from 'node:process';
import { parseArgs } from 'node:util';

import { startMinio } from '../../../scripts/minio.mjs';
import { runBursts } from './bursts-run.mjs';

/** What the server may take with the defaults of its settings, in MiB. */
const MAX_PEAK_MIB = 400;
const MAX_REST_MIB = 300;

const { values } = parseArgs({
  options: {
    bursts: { type: 'string', default: '6' },
    uploads: { type: 'string', default: '60' },
    mib: { type: 'string', default: '8' },
    rest: { type: 'string', default: '15' },
  },
});
const minio = await startMinio();
if (minio.endpoint === null) throw new Error(`no MinIO: ${minio.reason}`);
try {
  const result = await runBursts(minio, {
    bursts: Number(values.bursts),
    uploads: Number(values.uploads),
    mib: Number(values.mib),
    restSeconds: Number(values.rest),
    report: (moment, { rss, peakRss, arrayBuffers }) =>
      console.log(`${moment}: RSS ${rss} MiB, peak ${peakRss}, array buffers ${arrayBuffers}`),
  });
  const violations = [...result.violations];
  if (result.peak >= MAX_PEAK_MIB) violations.push(`the server has taken ${result.peak} MiB of memory`);
  if (result.rest >= MAX_REST_MIB) violations.push(`the server at rest keeps ${result.rest} MiB of memory`);
  console.log(`most array buffers: ${result.arrayBuffers} MiB; violations: ${violations.length}`);
  for (const violation of violations.slice(0, 20)) console.log(`  ${violation}`);
  process.exitCode = violations.length === 0 ? 0 : 1;
} finally {
  await minio.stop();
}
