/** Limits of an API token. It never gives more than its user may do. */
export interface TokenScope {
  /** Ids of stages, and `~` for the user's own; undefined for every stage. */
  readonly stages?: readonly string[] | undefined;
  /** Names of files must begin with it. */
  readonly prefix?: string | undefined;
  readonly privileges: readonly ('Read' | 'Write')[];
}
