import { AppError } from '../common/app-error.js';

/** Why a question about a query, or a query as such, is refused. */
export type QueryErrorKind =
  /** A statement, or an argument of one, that cannot be used. */
  | 'BadArguments'
  | 'InvalidTimezone'
  /** What only a warehouse can do. */
  | 'NoWarehouse'
  | 'UnknownQuery'
  /** A page that is not there, or that is another user's. */
  | 'InvalidPage'
  /** A query that was finalized or killed, or that nobody has asked about for too long. */
  | 'ClosedQuery'
  /** A query id that has run another statement. */
  | 'QueryIdTaken'
  /** The server that ran the statement has gone away under it. */
  | 'Interrupted';

export class QueryError extends AppError<QueryErrorKind> {}

export function unknownQuery(id: string): QueryError {
  return new QueryError('UnknownQuery', `Query ID ${id} not found: it is unknown here, or another user's.`);
}
