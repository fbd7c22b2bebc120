import type { ObjectKey } from './object-key.js';

/**
 * The exact name of something that is there, as a listing shows it: any text at all, for a foreign writer may have chosen it.
 * It names that object and no other; what it does not name is `NotFound`. Bytes that are no UTF-8 are escaped (`spelledKey`).
 */
export type ListedKey = string & { readonly __brand: 'ListedKey' };

/** The name that somebody has read in a listing, taken as it is. */
export function listedKey(text: string): ListedKey {
  return text as ListedKey; // the one place where the brand is given: every text is a name
}

/** Under which name a listing shows the object that an upload puts. */
export function listedAs(key: ObjectKey): ListedKey {
  return listedKey(key);
}
