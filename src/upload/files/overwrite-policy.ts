/** What an upload does where a file of its name is there. */
export const OVERWRITE_POLICIES = ['overwrite', 'skip', 'fail', 'skip-if-same'] as const;

export type OverwritePolicy = (typeof OVERWRITE_POLICIES)[number];
