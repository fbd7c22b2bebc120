import { api, bodyOf, type Schemas } from './api.js';

type Query = Schemas['Query'];

/** The rows of a result that were read so far, and where the next ones are. */
export interface StatementResult {
  readonly columns: Query['schema'];
  readonly rows: Query['data'];
  readonly next: string | null;
}

const ROWS_PER_PAGE = 1000;

/** Why a statement has failed, with the place in it. */
export class StatementError extends Error {
  override readonly name = 'StatementError';
}

export async function runStatement(sql: string): Promise<StatementResult> {
  const body = { sql, pagination: { max_rows_per_page: ROWS_PER_PAGE } };
  return resultOf(await bodyOf(api.POST('/v1/query', { body })), []);
}

/** Runs a statement whose result is small, and reads all of it. */
export async function runWhole(sql: string): Promise<StatementResult> {
  let result = await runStatement(sql);
  while (result.next !== null) result = await nextRows(result);
  return result;
}

/** Reads the next page of a result. */
export async function nextRows({ next, rows, columns }: StatementResult): Promise<StatementResult> {
  const [id, page, cursor] = /^\/v1\/query\/([^/]+)\/page\/(\d+)\/([^/]+)$/.exec(next ?? '')?.slice(1) ?? [];
  if (id === undefined || page === undefined || cursor === undefined)
    throw new TypeError('There are no more rows.');
  const params = { path: { id, page: Number(page), cursor } };
  const result = resultOf(await bodyOf(api.GET('/v1/query/{id}/page/{page}/{cursor}', { params })), rows);
  return { ...result, columns };
}

function resultOf({ error, schema, data, next_uri: next }: Query, before: Query['data']): StatementResult {
  if (error !== null) throw new StatementError(error.message);
  return { columns: schema, rows: [...before, ...data], next };
}
