import { Injectable } from '@nestjs/common';
import { TimeSlices } from '../common/time-slices.js';
import { SqlDatabase } from '../database/sql-database.js';
import { sql } from '../database/sql.js';
import { IS_LATEST } from './stage-usage.js';

/** Number and size of files. */
export interface FileTotals {
  readonly files: number;
  readonly bytes: number;
}

const SUM = sql<readonly [files: number, bytes: number | string]>(
  `SELECT COUNT(*), COALESCE(SUM(size), 0) FROM stored_files AS file
WHERE store = ? AND object_key >= ? AND object_key < ? AND ${IS_LATEST}`,
);
const KEY_AHEAD = sql<readonly [key: string]>(
  'SELECT object_key FROM stored_files WHERE store = ? AND object_key > ? AND object_key < ? ORDER BY object_key LIMIT 1 OFFSET ?',
);

/** Rows per read: SQLite answers nothing else meanwhile. */
const PAGE_ROWS = 5_000;
/** After every key. */
const END = '\u{10FFFF}\u{10FFFF}';

/** Adds up the files that this service has stored, without asking a store. */
@Injectable()
export class KnownTotals {
  constructor(private readonly database: SqlDatabase) {}

  /** @param prefix the store's own: it includes that of the stage. */
  async below(store: string, prefix: string): Promise<FileTotals> {
    const end = afterPrefix(prefix);
    const slices = new TimeSlices();
    let [files, bytes] = [0, 0];
    for (let from = prefix; from !== end;) {
      const [ahead] = await this.database.readRows(KEY_AHEAD, store, from, end, PAGE_ROWS);
      const to = ahead?.[0] ?? end;
      for (const [count, size] of await this.database.readRows(SUM, store, from, to)) {
        files += count;
        bytes += Number(size);
      }
      from = to;
      if (slices.isOver) await slices.next();
    }
    return { files, bytes };
  }
}

/** Returns the first text, in byte order, after all texts that begin with the prefix. */
export function afterPrefix(prefix: string): string {
  const characters = Array.from(prefix);
  for (let last = characters.pop(); last !== undefined; last = characters.pop()) {
    const next = nextCodePoint(last.codePointAt(0) ?? 0);
    if (next !== undefined) return characters.join('') + String.fromCodePoint(next);
  }
  return END;
}

function nextCodePoint(code: number): number | undefined {
  if (code >= 0x10ffff) return undefined;
  // UTF-8 has no surrogates.
  return code >= 0xd7ff && code < 0xe000 ? 0xe000 : code + 1;
}
