import { totalsOf, type Totals } from '../lib/totals.js';
import { formatSize } from '../lib/format-size.js';
import type { FileEntry } from './list/file-entry.js';

/** Size in bytes of each chosen name; undefined for a folder, whose name ends in a slash. */
export type ChosenFiles = ReadonlyMap<string, number | undefined>;

/** More would keep a tab busy for long, and each is removed by a request of its own. */
export const MOST_CHOSEN = 10_000;

export const NONE_CHOSEN: ChosenFiles = new Map();

export function withEntries(chosen: ChosenFiles, entries: Iterable<FileEntry>): ChosenFiles {
  const next = new Map(chosen);
  for (const entry of entries) next.set(entry.name, entry.kind === 'file' ? entry.size : undefined);
  return next;
}

export function withoutName(chosen: ChosenFiles, name: string): ChosenFiles {
  const next = new Map(chosen);
  next.delete(name);
  return next;
}

/** As in `3 chosen, 1.5 MB`. */
export function chosenText(chosen: ChosenFiles): string {
  if (chosen.size === 0) return 'Nothing chosen';
  const sizes = [...chosen.values()];
  const text = `${chosen.size.toLocaleString('en')} chosen`;
  return sizes.includes(undefined) ? text : `${text}, ${formatSize(sumOf(sizes))}`;
}

/** Number and bytes of the chosen files and of those below chosen folders; of all below `folder` where none are chosen. */
export async function chosenTotals(
  stage: string,
  folder: string,
  chosen: ChosenFiles,
): Promise<Pick<Totals, 'files' | 'bytes'>> {
  const folders = chosen.size === 0 ? [folder] : namesWhere(chosen, (size) => size === undefined);
  const sizes = [...chosen.values()].filter((size) => size !== undefined);
  const below = await Promise.all(folders.map(async (prefix) => totalsOf(stage, prefix)));
  return {
    files: sizes.length + sumOf(below.map(({ files }) => files)),
    bytes: sumOf(sizes) + sumOf(below.map(({ bytes }) => bytes)),
  };
}

function namesWhere(chosen: ChosenFiles, isMeant: (size: number | undefined) => boolean): readonly string[] {
  return [...chosen].filter(([, size]) => isMeant(size)).map(([name]) => name);
}

function sumOf(numbers: readonly (number | undefined)[]): number {
  return numbers.reduce<number>((sum, number) => sum + (number ?? 0), 0);
}
