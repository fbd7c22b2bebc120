/** The most that a stage may hold. Null for what has no limit. */
export interface Quota {
  readonly maxBytes: number | null;
  readonly maxFiles: number | null;
}

/** @returns null where nothing is limited. */
export function quotaOf(maxBytes: number | null, maxFiles: number | null): Quota | null {
  return maxBytes === null && maxFiles === null ? null : { maxBytes, maxFiles };
}
