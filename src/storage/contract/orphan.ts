/**
 * Identifies the data that a put would leave in its store if the process died, so that any process can remove it by
 * `removeOrphan`. Never a credential.
 */
export type Orphan = Readonly<Record<string, string>> & {
  /** The store's own key: it includes the prefix of a prefixed root. */
  readonly key: string;
};

/** Records the orphan that a put may leave. */
export interface CleanupLog {
  /** Resolves when the record is stored. It replaces the put's earlier record. The put creates nothing in the store before. */
  record(orphan: Orphan): Promise<void>;
  /** Keeps the last record when the put settles, because its orphan may still exist. Without this call the record is deleted. */
  retain(): void;
}

export interface RemoveOrphanOptions {
  /**
   * Returns the records of other running puts of the same key; do not remove their data. Call it after listing the store: all
   * that was listed had been recorded by then.
   */
  readonly others?: (() => Promise<readonly Orphan[]>) | undefined;
}
