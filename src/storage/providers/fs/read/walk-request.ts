import type { WorkerClient } from '../../../../runtime/worker-client.js';

/** Which files below a directory are wanted, by their keys. */
export interface WalkScope {
  /** The path of the directory. */
  readonly root: string;
  /** Where it really lies: nothing below it is reached through a link then. Undefined where nobody else can write there. */
  readonly realRoot?: string | undefined;
  readonly prefix: string;
  readonly startAfter: string;
  /** With directories that hold nothing, by their keys with a slash at their end. */
  readonly markers: boolean;
}

/** What a walk thread is asked for. */
export type WalkRequest = { readonly walk: number } & (
  | { readonly kind: 'open'; readonly scope: WalkScope }
  /** The next files: fewer than so many only where there are no more. */
  | { readonly kind: 'next'; readonly count: number }
  | { readonly kind: 'close' }
);

/** Some files, in the byte order of their keys. */
export interface WalkedFiles {
  readonly keys: readonly string[];
  readonly etags: readonly string[];
  /** Two of each file in turn: its size, and when it was changed, in milliseconds since 1970. They cost little to pass. */
  readonly numbers: Float64Array<ArrayBuffer>;
  /** Directories that may not be read, by their keys with a slash at their end, that were met on the way to these files. */
  readonly unreadable: readonly string[];
}

/** Only `next` has an answer. */
export type WalkThread = WorkerClient<WalkRequest, WalkedFiles | undefined>;
