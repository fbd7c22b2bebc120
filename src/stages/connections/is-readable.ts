import { StageError } from '../stage-error.js';

/** Does this server's key open the connection? */
export function isReadable(open: () => unknown): boolean {
  try {
    open();
    return true;
  } catch (error) {
    if (error instanceof StageError && error.kind === 'UnreadableConnection') return false;
    throw error;
  }
}
