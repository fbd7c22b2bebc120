import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';

import { bestTimeOf, checkStatement } from './sql-check.mjs';
import { statements } from './sql-generator.mjs';

/** @import { Parse } from './sql-check.mjs' */

const MAX_MILLISECONDS = 50;
const BUILT_PARSER = '../../../dist/src/query/sql/parser.js';

function settings() {
  const { values } = parseArgs({
    options: {
      statements: { type: 'string', default: '100000' },
      seed: { type: 'string', default: '1' },
      parser: { type: 'string', default: BUILT_PARSER },
    },
  });
  return { count: Number(values.statements), seed: Number(values.seed), parser: values.parser };
}

async function main() {
  const { count, seed, parser } = settings();
  const { parseStatement } = /** @type {{ parseStatement: Parse }} */ (await import(parser));
  let accepted = 0;
  let slowest = { milliseconds: 0, sql: '' };
  let done = 0;
  const start = performance.now();
  for (const sql of statements(seed)) {
    if (done === count) break;
    const result = checkStatement(parseStatement, sql);
    if (result.accepted) accepted++;
    if (result.milliseconds > slowest.milliseconds) slowest = { milliseconds: result.milliseconds, sql };
    if (result.milliseconds > MAX_MILLISECONDS && bestTimeOf(parseStatement, sql) > MAX_MILLISECONDS) {
      throw new Error(`took over ${MAX_MILLISECONDS} ms: ${JSON.stringify(sql)}`);
    }
    done++;
  }
  const seconds = (performance.now() - start) / 1000;
  console.log(`seed ${seed}: ${done} statements, ${accepted} accepted, ${done - accepted} refused with 1005`);
  console.log(`${Math.round(done / seconds)} statements/s`);
  console.log(`slowest ${slowest.milliseconds.toFixed(1)} ms: ${JSON.stringify(slowest.sql).slice(0, 200)}`);
}

await main();
