interface DiskResult {
  readonly name: string;
  /** How often each status was answered. */
  readonly statuses: Readonly<Record<number, number>>;
  /** What must not be, a sentence each. */
  readonly violations: readonly string[];
}

/** Uploads to a disk that is full or read-only, so many rounds of each scenario. */
export function runDisk(options: { readonly seed: number; readonly rounds: number }): Promise<DiskResult[]>;
