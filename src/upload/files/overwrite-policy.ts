/** Behaviour of an upload if a file of its name exists. */
export const OVERWRITE_POLICIES = ['overwrite', 'skip', 'fail', 'skip-if-same'] as const;

export type OverwritePolicy = (typeof OVERWRITE_POLICIES)[number];
