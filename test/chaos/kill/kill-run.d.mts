import type { TestMinio } from '../../acceptance/support/test-minio.js';

export interface KillOptions {
  readonly kills: number;
  readonly seed: number;
  /** Without one the files go to the local disk. */
  readonly minio?: TestMinio | undefined;
  /** Declare digests, and ask LIST for those of files. */
  readonly md5: boolean;
  /** Ask what became of uploads. */
  readonly records: boolean;
  /** Keep the data directory and the server's log. */
  readonly keep?: boolean;
  readonly print: (line: string) => void;
}

export interface KillTally {
  readonly kills: number;
  readonly acknowledged: number;
  readonly violations: readonly { readonly kind: string; readonly text: string }[];
  lines(): string[];
}

/**
 * Kills a server on one data directory again and again while files are uploaded to it, and looks after every restart what
 * it has kept: the tally of that.
 */
export function runKills(options: KillOptions): Promise<KillTally>;
