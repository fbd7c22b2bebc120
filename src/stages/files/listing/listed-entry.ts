import type { CommonPrefix } from '../../../storage/contract/levels/common-prefix.js';
import { isCommonPrefix } from '../../../storage/contract/levels/level-entry.js';
import type { StageFileRow } from '../stage-file-row.js';

/** An entry of a listing over REST. */
export type ListedEntry = StageFileRow | CommonPrefix;

/** Returns the name by which the entry has its place in the order. */
export function nameOf(entry: ListedEntry): string {
  return isCommonPrefix(entry) ? entry.prefix : entry.name;
}
