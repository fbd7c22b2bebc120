import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const OWN_BUILD = join(import.meta.dirname, '../../bin/stagedoor');

export const USAGE = `npm run bench -- [options]
  --quick          small sizes and few runs: under 3 minutes
  --only 1,3       these rows alone
  --runs 5         so many counted runs of each contestant, where a row alternates
  --server path    another build instead: its bin/stagedoor, or a main.js
  --before path    compare with this build as well, in the same runs
  --profile path   V8's CPU profiles of Stagedoor go to this folder; bench/profile.mjs reads them
  --seed 1         of the order of the runs
  --folder path    where the data lies for the time of the run; must be on a disk
  --json path      where the figures go, else bench/results/latest.json
  --write-docs     writes docs/benchmarks.md and its plot`;

const OPTIONS = {
  quick: { type: 'boolean', default: false },
  only: { type: 'string' },
  runs: { type: 'string' },
  server: { type: 'string', default: OWN_BUILD },
  before: { type: 'string' },
  profile: { type: 'string' },
  seed: { type: 'string', default: '1' },
  folder: { type: 'string' },
  json: { type: 'string', default: join(import.meta.dirname, '../results/latest.json') },
  'write-docs': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
};

export function readOptions(args) {
  const { values } = parseArgs({ args, options: OPTIONS });
  const builds = [{ name: 'Stagedoor', main: resolve(values.server) }];
  if (values.before !== undefined) builds.push({ name: 'before', main: resolve(values.before) });
  for (const { main } of builds) {
    if (!existsSync(main)) throw new Error(`${main} is missing: npm run build`);
  }
  if (values['write-docs'] && values.only !== undefined) {
    throw new Error('--write-docs takes the figures of all rows from one run: leave --only out');
  }
  return {
    ...values,
    builds,
    seed: Number(values.seed),
    only: values.only?.split(',').map(Number),
    /** Counted runs of a row: what it takes by itself, fewer with --quick, or what --runs says. */
    rounds: (full, quick) => Number(values.runs ?? (values.quick ? quick : full)),
    writeDocs: values['write-docs'],
  };
}
