/**
 * The folder for temporary files. It is in the root, so that a rename can move a complete file into place, and it marks the root.
 * Every other mount below the root has a folder of its own. No key may contain the name at any depth: roots may be nested.
 */
export const TEMPORARY_DIRECTORY = '.stagedoor-unfinished';
