import { StorageError } from './storage-error.js';

/** So many are named in the message. */
const MAX_NAMED = 10;

/** What a listing could not look into; it comes after everything else. */
export class UnlistedDirectories extends StorageError {
  /** As prefixes of keys: with a slash at their end, and empty for the root itself. */
  readonly directories: readonly string[];

  constructor(directories: readonly string[], cause?: unknown) {
    const shown = directories
      .slice(0, MAX_NAMED)
      .map((name) => (name === '' ? 'its root' : JSON.stringify(name)));
    const remaining = directories.length - shown.length;
    const names = `${shown.join(', ')}${remaining > 0 ? ` and ${String(remaining)} more` : ''}`;
    const message =
      `The server's user may not look into ${names}: what is in there is not listed. ` +
      'Give it the right to (chmod), or ask for a prefix that leaves it out.';
    super('PermissionDenied', message, { cause });
    this.directories = directories;
  }
}
