import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { shortcutsOff } from './shortcuts.mjs';

const OWN_BUILD = join(import.meta.dirname, '../../bin/stagedoor');

export const USAGE = `npm run bench -- [options]
  --quick          small sizes and few runs: under 3 minutes
  --only 1,3       these rows alone
  --runs 5         so many counted runs of each contestant, where a row alternates
  --server path    another build instead: its bin/stagedoor, or a main.js
  --before path    compare with this build as well, in the same runs
  --off a,b        compare with this build without these shortcuts, all of them, or each by itself
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
  off: { type: 'string' },
  profile: { type: 'string' },
  seed: { type: 'string', default: '1' },
  folder: { type: 'string' },
  json: { type: 'string', default: join(import.meta.dirname, '../results/latest.json') },
  'write-docs': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
};

export function readOptions(args) {
  const { values } = parseArgs({ args, options: OPTIONS });
  const mains = [values.server, values.before]
    .filter((main) => main !== undefined)
    .map((main) => resolve(main));
  const missing = mains.find((main) => !existsSync(main));
  if (missing !== undefined) throw new Error(`${missing} is missing: npm run build`);
  if (values['write-docs'] && values.only !== undefined) {
    throw new Error('--write-docs takes the figures of all rows from one run: leave --only out');
  }
  if (values.off !== undefined && (values.before !== undefined || values['write-docs'])) {
    throw new Error('--off compares a build with itself: leave --before and --write-docs out');
  }
  const only = values.only?.split(',').map(Number);
  return {
    ...values,
    seed: Number(values.seed),
    comparisons:
      values.off === undefined
        ? [{ builds: buildsOf(mains), only }]
        : withoutEach(mains[0], values.off, only),
    /** Counted runs of a row: what it takes by itself, fewer with --quick, or what --runs says. */
    rounds: (full, quick) => Number(values.runs ?? (values.quick ? quick : full)),
    writeDocs: values['write-docs'],
  };
}

/** The second one is what the first is compared with. */
function buildsOf([main, before]) {
  const builds = [{ name: 'Stagedoor', main }];
  return before === undefined ? builds : [...builds, { name: 'before', main: before }];
}

function withoutEach(main, off, only) {
  return shortcutsOff(off).map(({ off: names, rows }) => ({
    builds: [
      { name: 'Stagedoor', main },
      { name: `without ${names}`, main, settings: { STAGEDOOR_SHORTCUTS_OFF: names } },
    ],
    only: rows.filter((row) => only === undefined || only.includes(row)),
  }));
}
