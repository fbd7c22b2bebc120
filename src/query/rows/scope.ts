import type { Expression } from '../sql/ast.js';
import type { Column, Row, Value } from './table.js';

/** An expression that has been checked against its columns. */
export interface Compiled {
  /** A type name of Databend's. */
  readonly type: string;
  readonly evaluate: (row: Row) => Value;
}

/** The names that expressions of one statement may use. */
export interface Scope {
  readonly sql: string;
  readonly columns: readonly Column[];
  readonly facts: QueryFacts;
  /** Resolves an expression that has a value of its own here, such as the key of a group; undefined for any other. */
  resolve?(expression: Expression): Compiled | undefined;
}

/** The names of roles in the session of a statement. */
export interface RoleFacts {
  /** Are all of the user's roles in effect? */
  readonly hasAll: boolean;
  /** Ordered. */
  readonly inEffect: () => readonly string[];
  /** Those that the user has, in effect or not, ordered. */
  readonly available: () => readonly string[];
}

/** The values of functions without arguments. */
export interface QueryFacts {
  /** Without quotes: `Databend Query v1.2.900…`. */
  readonly version: string;
  /** `'root'@'%'` */
  readonly user: string;
  readonly role: string;
  readonly catalog: string;
  readonly database: string;
  readonly sessionId: string;
  /** The timezone of Timestamps: the session's, or else UTC. */
  readonly timezone: string;
  readonly roles: RoleFacts;
  /** Does SHOW GRANTS also list what the roles of a user or role have been granted? */
  readonly expandRoles: boolean;
}
