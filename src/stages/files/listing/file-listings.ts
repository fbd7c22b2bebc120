import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../access/principal.js';
import { KeptScans } from '../../../common/scans/kept-scans.js';
import { isCommonPrefix } from '../../../storage/contract/levels/level-entry.js';
import { ListCursors, type CursorScope } from '../../list-cursors.js';
import { StageService, type FileQuery, type OpenedStage } from '../stage.service.js';
import { FileScan } from './file-scan.js';
import { listLevel } from './level-rows.js';
import { nameOf, type ListedEntry } from './listed-entry.js';

/** A directory of a million names takes tens of megabytes, and most have fewer. */
const MAX_SCANS = 8;
/** The most of a page that asks its store for pages of the same size: no store gives more. */
const MAX_STORE_PAGE = 1000;
/** A page ends after so many common prefixes: as JSON they are held until its end. */
const MAX_PREFIXES = 10_000;

/** The parameters of one page. */
export interface FilePageQuery extends Pick<FileQuery, 'prefix' | 'pattern'> {
  /** Lists one level, with the common prefixes of what lies below. */
  readonly delimiter?: '/' | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

export interface PageEnd {
  readonly nextCursor: string | null;
  /** Directories that could not be read. */
  readonly unlisted: readonly string[];
}

export interface FilePage {
  readonly batches: AsyncGenerator<readonly ListedEntry[]>;
  /** Known when the batches have ended. */
  readonly end: () => PageEnd;
}

/** A caller of one page. */
export interface PageReader {
  readonly principal: Principal;
  readonly signal: AbortSignal;
}

interface KeptFileScan {
  readonly scan: FileScan;
  /** The size by which the store makes its pages. */
  readonly pageSize: number | undefined;
  /** An altered connection is another object. */
  readonly connection: OpenedStage['location']['connection'];
  close(): void;
}

/**
 * Lists the files of stages in pages. A page leaves its listing open for the next one; elsewhere, or later, the cursor has what
 * the store resumes by. Each page costs what it holds.
 */
@Injectable()
export class FileListings {
  /** Owned by users, at cursors. */
  readonly #scans = new KeptScans<KeptFileScan>(MAX_SCANS);

  constructor(
    private readonly stages: StageService,
    private readonly cursors: ListCursors,
  ) {}

  /** @param stage resolved for this very page. */
  page(stage: OpenedStage, query: FilePageQuery, reader: PageReader): FilePage {
    let end: PageEnd = { nextCursor: null, unlisted: [] };
    const onEnd = (known: PageEnd): void => {
      end = known;
    };
    return { batches: this.#batches({ stage, query, reader, onEnd }), end: () => end };
  }

  /** @throws StageError of kind `InvalidCursor`. */
  async *#batches(page: RunningPage): AsyncGenerator<readonly ListedEntry[]> {
    const { query, reader, onEnd } = page;
    const scan = this.#scanOf(page);
    let isKept = false;
    try {
      const last = yield* entriesOf(scan, query, reader.signal);
      const hasMore = last !== undefined && (await scan.hasMore(reader.signal));
      const nextCursor = hasMore ? this.#cursorAfter(last, scan, page) : null;
      onEnd({ nextCursor, unlisted: scan.takeUnlisted() });
      if (nextCursor !== null) this.#keep(nextCursor, scan, page);
      isKept = nextCursor !== null;
    } finally {
      if (!isKept) scan.close();
    }
  }

  #scanOf({ stage, query, reader }: RunningPage): FileScan {
    const { cursor, delimiter, prefix, pattern } = query;
    const position =
      cursor === undefined ? undefined : this.cursors.read(scopeOf(stage, query, reader), cursor);
    const kept = cursor === undefined ? undefined : this.#scans.take(reader.principal.userId, cursor);
    const pageSize = pageSizeOf(query);
    if (kept?.connection === stage.location.connection && kept.pageSize === pageSize) return kept.scan;
    kept?.close();
    return new FileScan(position, ({ startAfter, signal, ...paging }) => {
      const selection = { prefix, pattern, startAfter, signal, paging: { ...paging, pageSize } };
      return delimiter === undefined
        ? this.stages.listFiles(stage, selection)
        : listLevel(this.stages, stage, selection);
    });
  }

  #cursorAfter(last: ListedEntry, { resumePoint }: FileScan, { stage, query, reader }: RunningPage): string {
    return this.cursors.write(scopeOf(stage, query, reader), { after: nameOf(last), resumePoint });
  }

  #keep(cursor: string, scan: FileScan, { stage, query, reader }: RunningPage): void {
    this.#scans.keep(reader.principal.userId, cursor, {
      scan,
      pageSize: pageSizeOf(query),
      connection: stage.location.connection,
      close: () => {
        scan.close();
      },
    });
  }
}

/** Where a pattern selects few of many, the store had better make its pages as long as it can. */
function pageSizeOf({ pattern, limit }: FilePageQuery): number | undefined {
  return pattern === undefined && limit <= MAX_STORE_PAGE ? limit : undefined;
}

interface RunningPage {
  readonly stage: OpenedStage;
  readonly query: FilePageQuery;
  readonly reader: PageReader;
  readonly onEnd: (end: PageEnd) => void;
}

/** Yields the entries of a page. @returns the last one if the page is full; undefined at the end of the listing. */
async function* entriesOf(
  scan: FileScan,
  { limit }: FilePageQuery,
  signal: AbortSignal,
): AsyncGenerator<readonly ListedEntry[], ListedEntry | undefined> {
  let [entries, prefixes] = [0, 0];
  let last: ListedEntry | undefined;
  while (entries < limit && prefixes < MAX_PREFIXES) {
    const batch = await scan.next(limit - entries, signal);
    if (batch === undefined) return undefined;
    entries += batch.length;
    prefixes += batch.filter(isCommonPrefix).length;
    last = batch.at(-1);
    yield batch;
  }
  return last;
}

function scopeOf(
  { stage, location }: OpenedStage,
  { prefix = '', pattern, delimiter }: FilePageQuery,
  { principal }: PageReader,
): CursorScope {
  const id = stage.kind === 'user' ? stage.userId : stage.id;
  return {
    reader: [principal.userId, principal.token?.scope?.prefix],
    place: [stage.kind, id, location.store, location.prefix],
    selection: [prefix, pattern, delimiter],
  };
}
