import type { CommonPrefix } from './common-prefix.js';
import type { ObjectStat } from '../storage-provider.js';

/** An entry of one level of a listing. */
export type LevelEntry = ObjectStat | CommonPrefix;

export function isCommonPrefix(entry: object): entry is CommonPrefix {
  return 'prefix' in entry;
}

/** Returns the name by which the entry has its place in the order. */
export function entryName(entry: LevelEntry): string {
  return isCommonPrefix(entry) ? entry.prefix : entry.key;
}
