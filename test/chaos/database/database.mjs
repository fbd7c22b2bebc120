import process from 'node:process';
import { parseArgs } from 'node:util';

import { runDatabase } from './database-run.mjs';
import { seconds } from './database-verdict.mjs';
import { runLostServer } from './lost-server-run.mjs';
import { startOwnMinio } from '../support/own-minio.mjs';

/** `npm run chaos:database`: several servers lose their database and get it back; and one of the servers is lost. */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    servers: { type: 'string', default: '3' },
    clients: { type: 'string', default: '12' },
    'stop-seconds': { type: 'string', default: '60' },
    'calm-seconds': { type: 'string', default: '10' },
    terminations: { type: 'string', default: '8' },
    storage: { type: 'string', default: 'minio' },
  },
});

const minio = values.storage === 'minio' ? await startOwnMinio() : undefined;
/** @type {string[]} */
const violations = [];
try {
  const result = await runDatabase({
    seed: Number(values.seed),
    servers: Number(values.servers),
    clients: Number(values.clients),
    calmSeconds: Number(values['calm-seconds']),
    outages: { stopSeconds: Number(values['stop-seconds']), terminations: Number(values.terminations) },
    minio,
  });
  console.log(`${values.servers} servers on PostgreSQL, ${values.storage}, seed ${values.seed}:`);
  console.log(
    `  ${result.requests} requests of ${result.operations} operations, ${result.refused} of which met a 503`,
  );
  console.log(`  ${result.acknowledged} of ${result.begun} files acknowledged`);
  console.log(`  longest wait for an answer: ${seconds(result.longestMs)} s`);
  for (const { name, refused, recoveryMs, readyMs } of result.verdicts) {
    const again = `last refusal ${seconds(recoveryMs)} s after it was back, every /ready 200 after ${seconds(readyMs)} s`;
    console.log(`  ${name}: ${refused} refused; ${again}`);
  }
  violations.push(...result.violations);
  const lost = await runLostServer();
  console.log('one server of three killed:', lost.figures);
  violations.push(...lost.violations);
} finally {
  await minio?.stop();
}
console.log(`violations: ${violations.length}`);
for (const violation of violations.slice(0, 20)) console.log(`  ${violation}`);
process.exitCode = violations.length === 0 ? 0 : 1;
