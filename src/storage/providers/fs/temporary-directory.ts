/**
 * The folder for temporary files. It is in the root itself, so that a rename can move a whole one into place, and marks the
 * root; for what is mounted below a root there is another one. No key may hold the name at any depth: one root may lie in another.
 */
export const TEMPORARY_DIRECTORY = '.stagedoor-unfinished';
