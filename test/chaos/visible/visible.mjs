import process from 'node:process';
import { parseArgs } from 'node:util';

import { startMinio } from '../../../scripts/minio.mjs';
import { canMount } from '../disk/disk-mount.mjs';
import { runVisible } from './visible-run.mjs';
import { ALL_FAULTS } from './visible-scenes.mjs';
import { problemsOf, visibleTable } from './visible-table.mjs';

/** `npm run chaos:visible`: where each fault shows, after how many seconds, as a table in Markdown. */
const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, 'at-once': { type: 'string', default: '3' } },
});
if (!canMount()) throw new Error('It needs root, for a tmpfs.');
const minio = await startMinio();
if (minio.endpoint === null) throw new Error(minio.reason);
try {
  const faults = ALL_FAULTS.filter(({ name }) => name.includes(values.only));
  const results = await runVisible({ faults, minio, atOnce: Number(values['at-once']) });
  console.log(visibleTable(results));
  const problems = results.flatMap(problemsOf);
  for (const problem of problems) console.log(problem);
  console.log(`${results.length} faults, ${problems.length} of them not seen`);
  if (problems.length > 0) process.exitCode = 1;
} finally {
  await minio.stop();
}
