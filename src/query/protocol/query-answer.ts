import type { QuerySession } from './query-session.js';
import type { Column } from '../rows/table.js';
import { UTC } from '../rows/timestamp.js';
import { NO_ROWS, type WrittenRows } from '../rows/written-rows.js';

export type QueryState = 'Running' | 'Succeeded' | 'Failed';

/** An error in the form that Databend's clients read. */
export interface QueryFailure {
  /** Databend's number. */
  readonly code: number;
  /** Our addition to Databend's fields, which clients ignore. Absent in records of older versions. */
  readonly kind?: string;
  readonly message: string;
}

interface Progress {
  readonly rows: number;
  readonly bytes: number;
}

/** Databend's answer about a query. Field names are Databend's. */
export interface QueryAnswer {
  readonly id: string;
  readonly session_id: string;
  readonly node_id: string;
  readonly state: QueryState;
  readonly session: QuerySession | null;
  readonly error: QueryFailure | null;
  readonly warnings: readonly string[];
  readonly has_result_set: boolean;
  readonly schema: readonly Column[];
  readonly data: WrittenRows;
  readonly affect: null;
  readonly result_timeout_secs: number;
  readonly settings: Readonly<Record<string, string>>;
  readonly stats: {
    readonly scan_progress: Progress;
    readonly write_progress: Progress;
    readonly result_progress: Progress;
    readonly total_scan: Progress;
    readonly spill_progress: { readonly file_nums: number; readonly bytes: number };
    readonly running_time_ms: number;
  };
  readonly stats_uri: string | null;
  readonly final_uri: string | null;
  readonly next_uri: string | null;
  readonly kill_uri: string | null;
}

/** Databend gives the node that runs a query. Here any replica answers for any query. */
const NODE_ID = 'stagedoor';

/** Interval in which a client should report that it still reads a result. Cursors live longer. */
const RESULT_TIMEOUT_SECONDS = 120;

/** Settings of the format of cells, without the session's timezone. */
const CELL_SETTINGS = {
  geometry_output_format: 'EWKB',
  binary_output_format: 'HEX',
  http_json_result_mode: 'display',
} as const;

const NOTHING: Progress = { rows: 0, bytes: 0 };

export interface AnswerParts {
  readonly id: string;
  readonly sessionId: string;
  readonly state: QueryState;
  readonly session?: QuerySession | undefined;
  readonly columns?: readonly Column[] | undefined;
  readonly rows?: WrittenRows | undefined;
  readonly failure?: QueryFailure | undefined;
  /** The path of the next page, relative to the query's path. Absent on the last page. */
  readonly nextPage?: string | undefined;
  readonly startedAt: number;
  /** The timezone of its Timestamps. */
  readonly timezone?: string | undefined;
}

export function queryAnswer(parts: AnswerParts): QueryAnswer {
  const { id, columns = [], rows = NO_ROWS, nextPage } = parts;
  const path = `/v1/query/${id}`;
  const progress = { rows: rows.count, bytes: 0 };
  return {
    id,
    session_id: parts.sessionId,
    node_id: NODE_ID,
    state: parts.state,
    session: parts.session ?? null,
    error: parts.failure ?? null,
    warnings: [],
    has_result_set: columns.length > 0,
    schema: columns.map(({ name, type }) => ({ name, type })),
    data: rows,
    affect: null,
    result_timeout_secs: RESULT_TIMEOUT_SECONDS,
    settings: { timezone: parts.timezone ?? UTC, ...CELL_SETTINGS },
    stats: {
      scan_progress: progress,
      write_progress: NOTHING,
      result_progress: progress,
      total_scan: progress,
      spill_progress: { file_nums: 0, bytes: 0 },
      running_time_ms: performance.now() - parts.startedAt,
    },
    stats_uri: path,
    final_uri: `${path}/final`,
    next_uri: nextPage === undefined ? null : `${path}/page/${nextPage}`,
    kill_uri: `${path}/kill`,
  };
}

/** Serializes an answer, whose rows are JSON already. */
export function answerJson({ data, ...answer }: QueryAnswer): string {
  return `${JSON.stringify(answer).slice(0, -1)},"data":${data.json}}`;
}
