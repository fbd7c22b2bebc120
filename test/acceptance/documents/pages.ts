import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

export const REPOSITORY = resolve(import.meta.dirname, '../../..');

/** Pages for those who build Stagedoor, not for those who use it. */
const OTHER_PAGES = /^docs\/(adr\/|benchmarks\.md$|coverage\.md$)/;

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

/** Whether its commands speak to a MinIO. */
export function needsMinio({ text }: Page): boolean {
  return /\b(localhost|127\.0\.0\.1):9000\b/.test(text);
}

/** Whether its commands run Databend's engine for Python. */
export function needsEngine({ text }: Page): boolean {
  return /\bfrom databend import\b/.test(text);
}
