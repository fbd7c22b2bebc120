import type { RequestClient } from '../../../../runtime/local-client.js';

/** Selects files below a directory by their keys. */
export interface WalkScope {
  /** The path of the directory. */
  readonly root: string;
  /** Its real path, so that links below it are detected. Undefined if no other user can write there. */
  readonly realRoot?: string | undefined;
  readonly prefix: string;
  readonly startAfter: string;
  /** Include empty directories, by their keys with a slash at the end. */
  readonly markers: boolean;
  /** Only the level of the prefix: of the directories below, those that hold a file, by their keys with a slash at the end. */
  readonly isLevel: boolean;
}

/** A request to a walk thread. */
export type WalkRequest = { readonly walk: number } & (
  | { readonly kind: 'open'; readonly scope: WalkScope }
  /** Requests the next `count` files; fewer only at the end. */
  | { readonly kind: 'next'; readonly count: number }
  | { readonly kind: 'close' }
);

/** Files in byte order of their keys. */
export interface WalkedFiles {
  readonly keys: readonly string[];
  readonly etags: readonly string[];
  /** Size and time of change (milliseconds since 1970) of each file in turn. A typed array is cheap to transfer. */
  readonly numbers: Float64Array<ArrayBuffer>;
  /** Unreadable directories on the way to these files, by their keys with a slash at the end. */
  readonly unreadable: readonly string[];
}

/** Only `next` has a reply. */
export type WalkThread = RequestClient<WalkRequest, WalkedFiles | undefined>;
