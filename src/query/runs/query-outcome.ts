import { QueryError } from '../query-error.js';
import type { QueryKey } from './query-key.js';
import type { QueryRecord } from './query-record.repository.js';

/** A change of which nothing was heard for so long has died with its server. */
const DEAD_AFTER_MS = 30_000;

/** How a recorded query stands. */
export type QueryOutcome =
  | { readonly kind: 'running' }
  | { readonly kind: 'succeeded' }
  /** The statement failed. */
  | { readonly kind: 'failed'; readonly failure: NonNullable<QueryRecord['failure']> }
  /** It was killed, or its server went away under it. */
  | { readonly kind: 'cut'; readonly error: QueryError };

export function outcomeOf(key: QueryKey, record: QueryRecord | undefined): QueryOutcome {
  if (record === undefined) return { kind: 'succeeded' };
  if (record.failure !== undefined) return { kind: 'failed', failure: record.failure };
  if (record.state === 'killed') return { kind: 'cut', error: closedQuery(key, record) };
  if (record.state !== 'running') return { kind: 'succeeded' };
  const silentMs = Date.now() - record.touchedAt.getTime();
  if (record.kind === 'change' && silentMs > DEAD_AFTER_MS) return { kind: 'cut', error: interrupted(key) };
  return { kind: 'running' };
}

/** Databend's words. */
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
