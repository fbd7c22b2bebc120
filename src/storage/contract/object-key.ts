import { ESCAPE } from './key-bytes.js';
import { StorageError } from './storage-error.js';

/**
 * The key of an object to upload: a normalised name in a root, `dir/books.parquet`, without a leading slash. An existing object
 * has a `ListedKey`.
 */
export type ObjectKey = string & { readonly __brand: 'ObjectKey' };

/** S3's limit for a whole key, in bytes of UTF-8. */
export const MAX_KEY_BYTES = 1024;
/** The limit of nearly every file system, and of MinIO, for one component, in bytes of UTF-8. */
export const MAX_COMPONENT_BYTES = 255;

/**
 * Makes a key of a user's text; there is no other way. Every key is safe on every provider: no component leads upwards, none is a
 * drive, a share or a device, and none needs escaping in a log.
 *
 * @throws StorageError of kind `InvalidKey` with a message that says what to change.
 */
export function objectKey(text: string): ObjectKey {
  const problem = validateText(text);
  if (problem !== undefined) {
    throw new StorageError('InvalidKey', `${problem}: ${quoted(text)}.`);
  }
  return text as ObjectKey; // apart from `PrefixedStorage` and `probeKey`, the only place that gives the brand
}

/** Prefix of the objects that a stage check writes and removes. Listings hide them, and no upload may use it. */
export const PROBE_NAME = '.stagedoor-check-';

/** @param id a value that is unique to the check. */
export function probeKey(id: string): ObjectKey {
  return (PROBE_NAME + id) as ObjectKey; // as strict as any other key
}

export function isProbe(key: string): boolean {
  const index = key.lastIndexOf(PROBE_NAME);
  return index === 0 || (index > 0 && key[index - 1] === '/');
}

/** Is the component `.` or `..`, which no path may contain? */
export function isTraversal(component: string): boolean {
  return component === '.' || component === '..';
}

function validateText(text: string): string | undefined {
  if (text === '') return 'A path must name a file';
  if (Buffer.byteLength(text) > MAX_KEY_BYTES)
    return `A path may have at most ${String(MAX_KEY_BYTES)} bytes`;
  // A lone surrogate has no UTF-8 form, and decoders put U+FFFD in place of invalid bytes.
  if (!text.isWellFormed() || text.includes('\uFFFD')) return 'A path must be valid UTF-8';
  // A listing would show the file under another name: this character stands for bytes that are not valid UTF-8.
  if (text.includes(ESCAPE))
    return 'A path must be valid UTF-8, without U+FDD0, which stands for bytes that are none';
  if (/\p{Cc}/u.test(text)) return 'A path may not hold control characters';
  if (/^[a-z]:[/\\]/i.test(text)) return 'A path may not begin with a drive letter';
  if (text.startsWith('\\')) return 'A path may not begin with a backslash';
  if (text.startsWith('/')) return 'A path may not begin with a slash';
  if (text.endsWith('/')) return 'A path must name a file, not a directory';
  return validateComponents(text);
}

function validateComponents(text: string): string | undefined {
  for (const component of text.split('/')) {
    if (component === '') return 'A path may not hold empty components';
    if (component.startsWith(PROBE_NAME)) return `No component of a path may begin with '${PROBE_NAME}'`;
    if (component !== component.trim()) return 'No component of a path may begin or end with white space';
    // A backslash separates components for a Windows client, so that `..\x` climbs as `../x` does.
    if (component.split('\\').some(isTraversal)) return "A path may not hold '.' or '..' components";
    if (Buffer.byteLength(component) > MAX_COMPONENT_BYTES) {
      return `A component of a path may have at most ${String(MAX_COMPONENT_BYTES)} bytes`;
    }
  }
  return undefined;
}

function quoted(text: string): string {
  const shown = text.length > 80 ? `${text.slice(0, 77)}...` : text;
  return JSON.stringify(shown.toWellFormed());
}
