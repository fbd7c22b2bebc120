import type { Principal } from '../../access/principal.js';
import type { PagePosition } from '../rows/page.js';
import type { Column } from '../rows/table.js';
import { NO_ROWS, type WrittenRows } from '../rows/written-rows.js';
import type { SessionChange } from '../protocol/query-session.js';
import type { Statement, StatementKind } from '../sql/ast.js';
import type { QueryFacts } from '../rows/scope.js';

/** The caller of a statement, and the page that it requests. */
export interface StatementContext {
  readonly principal: Principal;
  /** The text of the statement. Errors show a place in it. */
  readonly sql: string;
  readonly facts: QueryFacts;
  /** The client's settings, for SHOW SETTINGS. */
  readonly settings: ReadonlyMap<string, string>;
  /** The URL at which the client reaches this server. */
  readonly baseUrl: string;
  /** Undefined for the first page. */
  readonly position: PagePosition | undefined;
  readonly maxRows: number;
  /** A page that takes longer ends early; a time of `performance.now()`. */
  readonly deadline: number;
  readonly signal: AbortSignal;
  /** A name that is unique among the queries of all users. */
  readonly query: string;
}

export interface StatementResult {
  /** Empty if the statement has no result set. */
  readonly columns: readonly Column[];
  readonly rows: WrittenRows;
  /** The position of the next page; undefined on the last page. */
  readonly next?: PagePosition | undefined;
  /** The change to the client's session. */
  readonly session?: SessionChange | undefined;
}

export const NO_RESULT_SET: StatementResult = { columns: [], rows: NO_ROWS };

export type StatementHandler<S extends Statement = Statement> = (
  statement: S,
  context: StatementContext,
) => Promise<StatementResult> | StatementResult;

/** A handler for each of these kinds of statement. */
export type HandlersOf<Kinds extends StatementKind> = {
  readonly [Kind in Kinds]: StatementHandler<Extract<Statement, { readonly kind: Kind }>>;
};

/** By kind: does a statement change something? If so, it runs once for each query id, and to its end. */
const CHANGES: Readonly<Record<StatementKind, boolean>> = {
  'create-stage': true,
  'alter-stage': true,
  'drop-stage': true,
  remove: true,
  'create-connection': true,
  'alter-connection': true,
  'drop-connection': true,
  'create-user': true,
  'alter-user': true,
  'drop-user': true,
  'create-role': true,
  'alter-role': true,
  'drop-role': true,
  grant: true,
  revoke: true,
  'grant-role': true,
  'revoke-role': true,
  'grant-ownership': true,
  'set-default-role': true,
  'show-stages': false,
  'describe-stage': false,
  presign: false,
  'show-connections': false,
  'describe-connection': false,
  'select-files': false,
  'select-stages': false,
  'describe-user': false,
  'show-users': false,
  'show-roles': false,
  'show-grants': false,
  'select-users': false,
  'select-roles': false,
  'select-grants': false,
  'select-one': false,
  'select-nothing': false,
  'select-values': false,
  'select-unknown': false,
  // These change the client's session alone, which the answer to a statement that is run once does not have.
  'set-role': false,
  'set-secondary-roles': false,
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
