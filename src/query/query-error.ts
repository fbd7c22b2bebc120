import { AppError } from '../common/app-error.js';

/** Why a query, or a request about one, is refused. */
export type QueryErrorKind =
  /** The statement or one of its arguments is invalid. */
  | 'BadArguments'
  | 'InvalidTimezone'
  /** The request needs a warehouse. */
  | 'NoWarehouse'
  | 'UnknownQuery'
  /** The page does not exist, or belongs to another user. */
  | 'InvalidPage'
  /** The query was finalized or killed, or its cursor has expired. */
  | 'ClosedQuery'
  /** The query id has been used for another statement. */
  | 'QueryIdTaken'
  /** The server stopped while it ran the statement. */
  | 'Interrupted';

export class QueryError extends AppError<QueryErrorKind> {}

export function unknownQuery(id: string): QueryError {
  return new QueryError('UnknownQuery', `Query ID ${id} not found: it is unknown here, or another user's.`);
}
