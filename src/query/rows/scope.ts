import type { Expression } from '../sql/ast.js';
import type { Column, Row, Value } from './table.js';

/** An expression that has been checked against the columns it may name. */
export interface Compiled {
  /** A type name of Databend's. */
  readonly type: string;
  readonly evaluate: (row: Row) => Value;
}

/** What expressions of one statement may name. */
export interface Scope {
  readonly sql: string;
  readonly columns: readonly Column[];
  readonly facts: QueryFacts;
  /** What an expression means here in another way than by its columns; undefined where it means nothing else. */
  resolve?(expression: Expression): Compiled | undefined;
}

/** What functions without arguments answer. */
export interface QueryFacts {
  /** Without quotes: `Databend Query v1.2.900…`. */
  readonly version: string;
  /** `'root'@'%'` */
  readonly user: string;
  readonly role: string;
  readonly catalog: string;
  readonly database: string;
  readonly sessionId: string;
  /** In which a Timestamp is written: the session's own, else UTC. */
  readonly timezone: string;
}
