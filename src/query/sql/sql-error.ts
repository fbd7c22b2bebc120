import { AppError } from '../../common/app-error.js';
import type { Span } from './ast.js';

/** Why a statement cannot run, found before any stage is accessed. */
export type SqlErrorKind =
  /** The text is not a statement of this grammar. */
  | 'Syntax'
  /** The statement names an unknown column, or uses values of the wrong type. */
  | 'Semantic'
  | 'UnknownFunction'
  | 'UnknownTable'
  /** A statement that a warehouse runs and this service does not. */
  | 'Unimplemented';

/** An error at a place in a statement. Its message shows the line with carets under the place, as Databend's messages do. */
export class SqlError extends AppError<SqlErrorKind> {
  readonly span: Span;

  /** @param shown the message as `sql-snippet.ts` renders it. */
  constructor(kind: SqlErrorKind, shown: string, span: Span) {
    super(kind, shown);
    this.span = span;
  }
}
