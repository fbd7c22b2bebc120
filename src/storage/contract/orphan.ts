/**
 * What a put would leave in its store if the process died: enough for `removeOrphan`, in any process. Never a
 * credential.
 */
export type Orphan = Readonly<Record<string, string>> & {
  /** As the store knows it: below a prefixed root, with that prefix. */
  readonly key: string;
};

/** Where a put notes what it may leave behind. */
export interface CleanupLog {
  /** Resolves when the note is kept; it takes the place of this put's earlier one. Nothing is made before it. */
  record(orphan: Orphan): Promise<void>;
  /** The put settles, and what it has noted last may still be there. Not called, it is gone by then. */
  retain(): void;
}

export interface RemoveOrphanOptions {
  /**
   * What is noted of other puts of the same key that go on: theirs is not to be touched. To be asked when the store has said
   * what is there: all of that was noted by then.
   */
  readonly others?: (() => Promise<readonly Orphan[]>) | undefined;
}
