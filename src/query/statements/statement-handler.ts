import type { Principal } from '../../auth/principal.js';
import type { PagePosition } from '../rows/page.js';
import type { Column } from '../rows/table.js';
import { NO_ROWS, type WrittenRows } from '../rows/written-rows.js';
import type { SessionChange } from '../protocol/query-session.js';
import type { Statement, StatementKind } from '../sql/ast.js';
import type { QueryFacts } from '../rows/scope.js';

/** Who asks, and how much of the answer is wanted. */
export interface StatementContext {
  readonly principal: Principal;
  /** The text of the statement, to show a place in it. */
  readonly sql: string;
  readonly facts: QueryFacts;
  /** The client's own, which SHOW SETTINGS shows. */
  readonly settings: ReadonlyMap<string, string>;
  /** Where this server can be reached by who asks. */
  readonly baseUrl: string;
  /** Undefined for the first page. */
  readonly position: PagePosition | undefined;
  readonly maxRows: number;
  /** A page that takes longer ends early; `performance.now()`. */
  readonly deadline: number;
  readonly signal: AbortSignal;
  /** Names the query: no other user's has this name. */
  readonly query: string;
}

export interface StatementResult {
  /** Empty where the statement has no result set. */
  readonly columns: readonly Column[];
  readonly rows: WrittenRows;
  /** Where the next page begins; undefined where there is none. */
  readonly next?: PagePosition | undefined;
  /** What becomes of the client's session. */
  readonly session?: SessionChange | undefined;
}

export const NO_RESULT_SET: StatementResult = { columns: [], rows: NO_ROWS };

export type StatementHandler<S extends Statement = Statement> = (
  statement: S,
  context: StatementContext,
) => Promise<StatementResult> | StatementResult;

/** A handler for each of so many kinds of statement. */
export type HandlersOf<Kinds extends StatementKind> = {
  readonly [Kind in Kinds]: StatementHandler<Extract<Statement, { readonly kind: Kind }>>;
};

/** The statements that change something: they run once for each query id, and to their end. */
export const CHANGING_STATEMENTS: ReadonlySet<StatementKind> = new Set<StatementKind>([
  'create-stage',
  'alter-stage',
  'drop-stage',
  'remove',
  'create-connection',
  'drop-connection',
]);
