import type { Principal } from '../../access/principal.js';
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

/** Does a statement change something? Then it runs once for each query id, and to its end. */
const CHANGES: Readonly<Record<StatementKind, boolean>> = {
  'create-stage': true,
  'alter-stage': true,
  'drop-stage': true,
  remove: true,
  'create-connection': true,
  'drop-connection': true,
  'show-stages': false,
  'describe-stage': false,
  presign: false,
  'show-connections': false,
  'describe-connection': false,
  'select-files': false,
  'select-stages': false,
  'select-one': false,
  'select-nothing': false,
  'select-values': false,
  'select-unknown': false,
  use: false,
  set: false,
  unset: false,
  'show-settings': false,
  transaction: false,
  'show-nothing': false,
  unsupported: false,
  'not-built': false,
};

export function changesSomething({ kind }: Statement): boolean {
  return CHANGES[kind];
}
