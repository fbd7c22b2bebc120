import { spawnSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { readMarkdown } from './markdown.js';
import { databasesOf } from './page-addresses.js';

export const REPOSITORY = resolve(import.meta.dirname, '../../..');

/** Pages for those who build Stagedoor, not for those who use it. */
const OTHER_PAGES = /^docs\/(adr\/|benchmarks\.md$|coverage\.md$)/;

/** What pages use and a machine may lack. */
const PROGRAMS = ['curl', 'jq', 'openssl', 'python3', 'sqlite3', 'unzip'];

export interface Page {
  /** From the top of the repository on. */
  readonly path: string;
  readonly text: string;
}

/** README.md and the pages below docs/ that users read, in the order of their names. */
export async function readPages(): Promise<Page[]> {
  const names = await readdir(join(REPOSITORY, 'docs'), { recursive: true });
  const inDocs = names.filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`);
  const paths = ['README.md', ...inDocs.filter((path) => !OTHER_PAGES.test(path)).sort()];
  return Promise.all(
    paths.map(async (path) => ({ path, text: await readFile(join(REPOSITORY, path), 'utf8') })),
  );
}

/** Programs of its commands that are not there on this machine. */
export function missingPrograms({ text }: Page): string[] {
  const blocks = readMarkdown(text).fences.filter(({ info }) => info === 'console' || info === 'sh');
  const lines = blocks.flatMap((block) => block.lines);
  return PROGRAMS.filter((program) => {
    const isUsed = lines.some((line) => new RegExp(`\\b${program} `).test(line));
    return isUsed && spawnSync(program, ['--help']).error !== undefined;
  });
}

/** Whether its commands speak to a MinIO. */
export function needsMinio({ text }: Page): boolean {
  return /\b(localhost|127\.0\.0\.1):9000\b/.test(text);
}

/** Whether its commands speak to a PostgreSQL. */
export function needsPostgres({ text }: Page): boolean {
  return databasesOf(text).length > 0;
}

/** Whether its commands run Databend's engine for Python. */
export function needsEngine({ text }: Page): boolean {
  return /\bfrom databend import\b/.test(text);
}
