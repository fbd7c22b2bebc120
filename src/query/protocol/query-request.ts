import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { RequestError } from '../../http/request/request-error.js';
import type { QuerySession } from './query-session.js';

const DEFAULT_WAIT_SECONDS = 10;
const MAX_WAIT_SECONDS = 60;
/** The maximum here, and Databend's default. */
const MAX_ROWS_PER_PAGE = 10_000;
/** Databend's clients send 32 hex digits, a UUID, or a UUID with a dot and a number. */
const QUERY_ID = /^(?!\.{1,2}$)[\w.-]{1,100}$/;

const wholeNumber = z.number().int().min(0);

/** The fields of `POST /v1/query` that are used here. The other fields of Databend's protocol are ignored. */
export const START_QUERY = z.object({
  sql: z.string(),
  session: z.record(z.string(), z.unknown()).nullish(),
  pagination: z
    .object({ wait_time_secs: wholeNumber.nullish(), max_rows_per_page: wholeNumber.nullish() })
    .nullish(),
});

export type StartQueryBody = z.output<typeof START_QUERY>;

/** A request of `POST /v1/query`, from its body and headers. */
export interface QueryRequest {
  readonly id: string;
  readonly sql: string;
  readonly session: QuerySession | undefined;
  readonly maxRowsPerPage: number;
  /** Time that an answer waits for more rows. */
  readonly waitMs: number;
}

/** @throws RequestError of kind `InvalidProtocolRequest` if the query id is invalid. */
export function queryRequestFrom(body: StartQueryBody, headers: IncomingHttpHeaders): QueryRequest {
  const { sql, session, pagination } = body;
  const waitSeconds = Math.min(pagination?.wait_time_secs ?? DEFAULT_WAIT_SECONDS, MAX_WAIT_SECONDS);
  const rows = pagination?.max_rows_per_page ?? MAX_ROWS_PER_PAGE;
  return {
    id: queryIdOf(headers),
    sql,
    session: session ?? undefined,
    maxRowsPerPage: Math.min(Math.max(rows, 1), MAX_ROWS_PER_PAGE),
    waitMs: Math.max(waitSeconds, 1) * 1000,
  };
}

/** @returns the client's own id, with which it can repeat the request; a new id if the client sends none. */
function queryIdOf(headers: IncomingHttpHeaders): string {
  const id = headers['x-databend-query-id'];
  if (id === undefined || id === '') return randomUUID();
  if (typeof id === 'string' && QUERY_ID.test(id)) return id;
  throw new RequestError(
    'InvalidProtocolRequest',
    'The header X-DATABEND-QUERY-ID must be up to 100 letters, digits, dots, hyphens and underscores.',
  );
}

export function invalidQueryBody(problems: string): RequestError {
  return new RequestError(
    'InvalidProtocolRequest',
    `The request cannot be used. ${problems}. Send JSON as in {"sql": "LIST @~"}.`,
  );
}
