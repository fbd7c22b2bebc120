import { StorageError } from './storage-error.js';

/** The maximum number of directories in the message. */
const MAX_NAMED = 10;

/** Names the directories that a listing could not read. Thrown after every other object has been listed. */
export class UnlistedDirectories extends StorageError {
  /** Prefixes of keys, with a slash at the end; empty for the root itself. */
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
