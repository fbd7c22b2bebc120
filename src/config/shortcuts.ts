/** Names of the code that exists for speed alone. Each has one place, with the plain way beside it. ADR 0058 says what each brings. */
export const SHORTCUTS = [
  'answer-pipe',
  'background-syncs',
  'checksum-threads',
  'connection-identities',
  'decrypted-connections',
  'early-rows',
  'file-bodies',
  'link-looks',
  'listing-ahead',
  'listing-thread',
  'log-batches',
  'log-syncs',
  'mount-looks',
  'plain-s3-requests',
  'prepared-statements',
  'read-buffers',
  'recorded-types',
  'request-prototypes',
  's3-listing-entries',
  'encrypted-records',
  'shared-commits',
  'shared-syncs',
  'short-reads',
  'single-lookups',
  'stage-sql',
  'sync-file-calls',
  'unsigned-payloads',
  'upload-pipe',
  'write-batches',
  'written-days',
] as const;

export type Shortcut = (typeof SHORTCUTS)[number];

type Environment = Readonly<Record<string, string | undefined>>;

/** Names, divided by commas: for measurements, and no setting. */
export const SHORTCUTS_OFF = 'STAGEDOOR_SHORTCUTS_OFF';

const off = new Set(namesIn(process.env));

/** Call it once, where an object is created: objects that exist do not change. */
export function isOn(shortcut: Shortcut): boolean {
  return !off.has(shortcut);
}

/** Finds names in the variable that are not in `SHORTCUTS`. */
export function unknownShortcuts(environment: Environment): readonly string[] {
  const known: readonly string[] = SHORTCUTS;
  return namesIn(environment).filter((name) => !known.includes(name));
}

function namesIn(environment: Environment): readonly string[] {
  const names = (environment[SHORTCUTS_OFF] ?? '').split(',').map((name) => name.trim());
  return names.filter((name) => name !== '');
}
