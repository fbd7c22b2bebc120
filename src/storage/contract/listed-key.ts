import type { ObjectKey } from './object-key.js';

/**
 * The exact name of an existing object, as a listing shows it. It may be any text, because another program may have chosen it. It
 * names that object only; without one it is `NotFound`. Bytes that are not valid UTF-8 are escaped (`keyFromBytes`).
 */
export type ListedKey = string & { readonly __brand: 'ListedKey' };

/** Makes a key of a name from a listing, unchanged. */
export function listedKey(text: string): ListedKey {
  return text as ListedKey; // the only place that gives the brand: every text is a name
}

/** Returns the name under which a listing shows an uploaded object. */
export function listedAs(key: ObjectKey): ListedKey {
  return listedKey(key);
}
