import { Breather } from '../../lib/breather.js';
import { sortedNumbers } from '../../lib/merge-sort.js';
import { OrderedEntries, type Entries, type ListedEntries } from './entries.js';
import type { EntryPage } from './entry-page.js';

export type SortColumn = 'name' | 'size' | 'modifiedAt' | 'md5' | 'creator';

/** An order other than that in which a store lists: all names must be there for it. */
export interface SortOrder {
  readonly column: SortColumn;
  readonly isDescending: boolean;
}

/** What a click on the head of a column leads to: up, down, and the order of the listing again. */
export function nextOrder(order: SortOrder | undefined, column: SortColumn): SortOrder | undefined {
  if (order?.column === column) return order.isDescending ? undefined : { column, isDescending: true };
  return { column, isDescending: column === 'name' }; // the listing is by name already
}

/** Lines that are looked at before the time is. */
const AT_ONCE = 1000;
/** Digits of an md5 that make a number, exactly. */
const DIGITS = 12;

/** Says a number of a line, by which it is sorted; null where it has none. */
type Key = (page: EntryPage, line: number) => number | null;

/** Where lines have the same first number, the next one tells. */
const KEYS: Readonly<Record<Exclude<SortColumn, 'creator'>, readonly Key[]>> = {
  name: [() => 0], // they are in order already
  size: [(page, line) => page.numberAt(line, 'size')],
  modifiedAt: [(page, line) => page.numberAt(line, 'modifiedAt')],
  md5: [0, DIGITS, 2 * DIGITS].map((from) => (page, line) => page.md5At(line, from, from + DIGITS)),
};

/** The same entries, folders first. What has no value comes last in either order. */
export async function sortedEntries(
  entries: ListedEntries,
  { column, isDescending }: SortOrder,
  signal: AbortSignal,
): Promise<Entries> {
  const breather = new Breather(signal);
  const sign = isDescending ? -1 : 1;
  const keys = column === 'creator' ? [await rankOfCreators(entries, breather)] : KEYS[column];
  const numbers: Float64Array[] = [];
  for (const key of keys) numbers.push(await numbersOf(entries, key, sign, breather));
  const compare = (one: number, other: number): number => {
    for (const key of numbers) {
      const [left, right] = [key[one] ?? 0, key[other] ?? 0];
      if (left !== right) return left < right ? -sign : sign;
    }
    return column === 'name' ? sign * (one - other) : one - other; // by name, as listed
  };
  return new OrderedEntries(entries, await sortedNumbers(entries.count, compare, signal));
}

/** A number of each line: a million texts would take several times as much. @param sign -1 for an order downwards. */
async function numbersOf(
  entries: ListedEntries,
  key: Key,
  sign: number,
  breather: Breather,
): Promise<Float64Array> {
  const [first, last] = [-sign * Infinity, sign * Infinity];
  const numberOf: Key = (page, line) => (page.isFolder(line) ? first : (key(page, line) ?? last));
  const numbers = new Float64Array(entries.count);
  for (let line = 0; line < numbers.length; line++) {
    numbers[line] = entries.ask(line, numberOf) ?? last;
    if (line % AT_ONCE === 0) await breather.pause();
  }
  return numbers;
}

/** Creators are few: the place of each among all stands for the name. */
async function rankOfCreators(entries: ListedEntries, breather: Breather): Promise<Key> {
  const names = new Set<string>();
  for (let line = 0; line < entries.count; line++) {
    const name = entries.ask(line, (page, at) => page.creatorAt(at)) ?? null;
    if (name !== null) names.add(name);
    if (line % AT_ONCE === 0) await breather.pause();
  }
  const ranks = new Map([...names].sort().map((name, rank) => [name, rank]));
  return (page, line) => ranks.get(page.creatorAt(line) ?? '') ?? null;
}
