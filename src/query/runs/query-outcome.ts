import { QueryError } from '../query-error.js';
import type { QueryKey } from './query-key.js';
import type { QueryRecord } from './query-record.repository.js';

/** A change without a heartbeat for this long has ended with its server. */
const DEAD_AFTER_MS = 30_000;

/** The state of a recorded query. */
export type QueryOutcome =
  | { readonly kind: 'running' }
  | { readonly kind: 'succeeded' }
  /** The statement has failed. */
  | { readonly kind: 'failed'; readonly failure: NonNullable<QueryRecord['failure']> }
  /** The query was killed, or its server stopped. */
  | { readonly kind: 'aborted'; readonly error: QueryError };

export function outcomeOf(key: QueryKey, record: QueryRecord | undefined): QueryOutcome {
  if (record === undefined) return { kind: 'succeeded' };
  if (record.failure !== undefined) return { kind: 'failed', failure: record.failure };
  if (record.state === 'killed') return { kind: 'aborted', error: closedQuery(key, record) };
  if (record.state !== 'running') return { kind: 'succeeded' };
  const silentMs = Date.now() - record.touchedAt.getTime();
  if (record.kind === 'change' && silentMs > DEAD_AFTER_MS)
    return { kind: 'aborted', error: interrupted(key) };
  return { kind: 'running' };
}

/** With Databend's text. */
export function closedQuery({ id }: QueryKey, record: QueryRecord | undefined): QueryError {
  const why = record?.state === 'killed' ? 'canceled' : 'finalized';
  return new QueryError('ClosedQuery', `Query ${id} is closed for ${why}.`);
}

function interrupted({ id }: QueryKey): QueryError {
  return new QueryError(
    'Interrupted',
    `The server that ran query ${id} stopped under it: look what it has done, and run the statement again.`,
  );
}
