/** The rows that each shortcut of src/config/shortcuts.ts is meant for. */
export const ROWS_OF = {
  'answer-pipe': [7],
  'background-syncs': [1],
  'checksum-threads': [1, 2],
  'connection-identities': [3, 7],
  'decrypted-connections': [3],
  'early-rows': [4],
  'file-bodies': [7],
  'link-looks': [3],
  'listing-ahead': [4],
  'listing-thread': [4],
  'log-batches': [3, 7],
  'log-syncs': [3],
  'mount-looks': [3],
  'plain-s3-requests': [3],
  'prepared-statements': [3, 7],
  'read-buffers': [7],
  'recorded-types': [7],
  'request-prototypes': [3, 7],
  's3-listing-entries': [4],
  'encrypted-records': [3],
  'shared-commits': [3],
  'shared-syncs': [3],
  'short-reads': [7],
  'single-lookups': [7],
  'stage-sql': [3, 7],
  'sync-file-calls': [3, 7],
  'unsigned-payloads': [2],
  'upload-pipe': [1, 3],
  'write-batches': [1],
  'written-days': [4],
};

/** What `--off` compares with: one comparison by the names given, or one a shortcut, each with its rows. */
export function shortcutsOff(text) {
  if (text === 'each') return Object.entries(ROWS_OF).map(([off, rows]) => ({ off, rows }));
  const names = text === 'all' ? Object.keys(ROWS_OF) : text.split(',');
  const unknown = names.find((name) => ROWS_OF[name] === undefined);
  if (unknown !== undefined) {
    throw new Error(`--off ${unknown}: there are ${Object.keys(ROWS_OF).join(', ')}, all and each`);
  }
  return [{ off: names.join(','), rows: [...new Set(names.flatMap((name) => ROWS_OF[name]))] }];
}
