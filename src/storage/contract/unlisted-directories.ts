import { StorageError } from './storage-error.js';

/** So many are named in the message. */
const NAMED = 10;

/** What a listing could not look into; it comes after everything else. */
export class UnlistedDirectories extends StorageError {
  /** As prefixes of keys: with a slash at their end, and empty for the root itself. */
  readonly directories: readonly string[];

  constructor(directories: readonly string[], cause?: unknown) {
    const some = directories.slice(0, NAMED).map((name) => (name === '' ? 'its root' : JSON.stringify(name)));
    const rest = directories.length - some.length;
    const names = `${some.join(', ')}${rest > 0 ? ` and ${String(rest)} more` : ''}`;
    const message =
      `The server's user may not look into ${names}: what is in there is not listed. ` +
      'Give it the right to (chmod), or ask for a prefix that leaves it out.';
    super('PermissionDenied', message, { cause });
    this.directories = directories;
  }
}
