import { AppError } from '../../common/app-error.js';
import type { Span } from './ast.js';

/** Why a text of SQL cannot be run, before anything is asked of a stage. */
export type SqlErrorKind =
  /** It is no statement of this grammar. */
  | 'Syntax'
  /** It names a column, or compares things, that cannot be. */
  | 'Semantic'
  | 'UnknownFunction'
  | 'UnknownTable'
  /** A statement that a warehouse runs and this service does not. */
  | 'Unimplemented';

/** An error about a place in a text of SQL; its message shows the line with carets under the place, as Databend's do. */
export class SqlError extends AppError<SqlErrorKind> {
  readonly span: Span;

  /** @param shown the message as `sql-snippet.ts` renders it. */
  constructor(kind: SqlErrorKind, shown: string, span: Span) {
    super(kind, shown);
    this.span = span;
  }
}
