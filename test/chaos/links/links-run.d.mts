interface LinksResult {
  /** How often a directory and a link were exchanged. */
  readonly swaps: number;
  /** How often each request got each status, as in `GET 200`. */
  readonly statuses: Readonly<Record<string, number>>;
  /** What must not be, a sentence each. */
  readonly violations: readonly string[];
}

/** Exchanges directories of stages for links that lead outside, under GET, PUT, DELETE and LIST. */
export function runLinks(options: { readonly seed: number; readonly seconds: number }): Promise<LinksResult>;
