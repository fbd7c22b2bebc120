import { execFileSync } from 'node:child_process';
import { dirname } from 'node:path';
import process from 'node:process';

/* A reader takes in no more than so many files at once: `npm run folders`, a part of `npm run check`. */
const MAX_FILES = 20;
const CHECKED = ['src', 'test', 'bench', 'scripts', 'examples', 'docs', 'console'];
/** A register, read by number. */
const EXEMPT = new Set(['docs/adr']);

function filesPerFolder() {
  const listed = execFileSync('git', [
    'ls-files',
    '-z',
    '--cached',
    '--others',
    '--exclude-standard',
    ...CHECKED,
  ]);
  const counts = new Map();
  for (const file of new Set(listed.toString().split('\0').filter(Boolean))) {
    const folder = dirname(file);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return counts;
}

for (const [folder, count] of filesPerFolder()) {
  if (count <= MAX_FILES || EXEMPT.has(folder)) continue;
  console.error(
    `${folder} holds ${String(count)} files; at most ${String(MAX_FILES)}: give a group of them a folder of its own.`,
  );
  process.exitCode = 1;
}
