interface LoadResult {
  /** Peak RSS of the server, in MiB; 0 where the system does not tell it. */
  readonly peak: number;
  readonly violations: readonly string[];
}

/** So many uploads of 8 MiB at once. */
export function runBurst(
  uploads: number,
  settings?: Readonly<Record<string, string>>,
): Promise<LoadResult & { readonly stored: number; readonly refused: number }>;

/** So many idle connections for so many seconds, and small requests beside them. */
export function runIdle(
  connections: number,
  seconds: number,
  settings?: Readonly<Record<string, string>>,
): Promise<LoadResult & { readonly requests: number; readonly givenUp: number }>;
