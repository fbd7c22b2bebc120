/** Result of one check of a stage. */
export interface CheckResult {
  /** `list`, `write`, `read` or `remove`, or a check of the provider: `directory`, `clock`. */
  readonly check: string;
  /** Null if not tried. */
  readonly ok: boolean | null;
  /** Why the check failed. */
  readonly reason?: string;
  /** How an administrator can fix it. */
  readonly advice?: string;
}

export interface CheckReport {
  /** True if every required check succeeded. */
  readonly ok: boolean;
  readonly checks: readonly CheckResult[];
}
