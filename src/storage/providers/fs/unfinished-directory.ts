/**
 * In it lie uploads that are not finished. It is in the root itself, so that a finished one can be renamed into place
 * within one file system. No key may hold it at any depth: one root may lie in another.
 */
export const UNFINISHED_DIRECTORY = '.stagedoor-unfinished';
