/** What one check of a stage has found. */
export interface CheckResult {
  /** `list`, `write`, `read` or `remove`, or what the store's own kind adds: `directory`, `clock`. */
  readonly check: string;
  /** Null where it was not tried. */
  readonly ok: boolean | null;
  /** Why not. */
  readonly reason?: string;
  /** What an administrator can do about it. */
  readonly advice?: string;
}

export interface CheckReport {
  /** Is every check well that was to be tried? */
  readonly ok: boolean;
  readonly checks: readonly CheckResult[];
}
