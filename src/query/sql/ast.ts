import type { Grantee, PeopleStatement } from './people/people-ast.js';

/** A parsed statement: everything that the parser tells its callers. */
export type Statement =
  | CreateStage
  | AlterStage
  | { readonly kind: 'drop-stage'; readonly name: string; readonly ifExists: boolean }
  | ShowStages
  | { readonly kind: 'describe-stage'; readonly name: string }
  | SelectFiles
  | SelectStages
  | SelectOne
  /** A SELECT from a system table that does not exist. */
  | { readonly kind: 'select-unknown'; readonly table: string; readonly span: Span }
  | SelectNothing
  | { readonly kind: 'remove'; readonly location: string; readonly pattern: string | undefined }
  | Presign
  | CreateConnection
  | AlterConnection
  | { readonly kind: 'drop-connection'; readonly name: string; readonly ifExists: boolean }
  | { readonly kind: 'describe-connection'; readonly name: string }
  | { readonly kind: 'show-connections' }
  | PeopleStatement
  | ShowUsers
  | ShowRoles
  | ShowGrants
  | SelectUsers
  | SelectRoles
  | SelectGrants
  | SelectValues
  | { readonly kind: 'use'; readonly database: string }
  /** `SET [SESSION] name = value, …`: values are texts, as in the session's settings. */
  | { readonly kind: 'set'; readonly settings: ReadonlyMap<string, string> }
  | { readonly kind: 'unset'; readonly names: readonly string[] }
  /** `SHOW SETTINGS [LIKE …]` */
  | { readonly kind: 'show-settings'; readonly like: string | undefined }
  /** `BEGIN`, `COMMIT` and `ROLLBACK`, which drivers send around statements. */
  | { readonly kind: 'transaction' }
  /** A SHOW of databases, tables, functions and others that this service does not have. Its result has no rows. */
  | { readonly kind: 'show-nothing'; readonly columns: readonly string[] }
  /** A statement that a warehouse runs and this service does not. `what` names it: `COPY INTO`, `INSERT`. */
  | { readonly kind: 'unsupported'; readonly what: string }
  /** A statement about stages, connections or users that this service does not support yet. */
  | { readonly kind: 'not-built'; readonly what: string; readonly about: NotBuiltTopic };

export type StatementKind = Statement['kind'];

export type NotBuiltTopic =
  /** Policies, workload groups and keys of users. */
  'policies' | 'passwords' | 'tags' | 'selects';

export interface CreateStage {
  readonly kind: 'create-stage';
  readonly name: string;
  readonly orReplace: boolean;
  readonly ifNotExists: boolean;
  readonly source: StageSource | undefined;
  readonly fileFormat: FileFormatOptions | undefined;
  readonly comment: string | undefined;
}

/** The clauses URL and CONNECTION. */
export interface StageSource {
  readonly url: string;
  /** Names in lower case. */
  readonly connection: ReadonlyMap<string, string> | undefined;
}

/** Names in lower case. */
export type FileFormatOptions = ReadonlyMap<string, FileFormatValue>;
export type FileFormatValue = string | number | boolean | readonly string[];

export interface AlterStage {
  readonly kind: 'alter-stage';
  readonly name: string;
  readonly ifExists: boolean;
  /** The executor refuses a `set` without options, with Databend's text. */
  readonly action: AlterStageSet | { readonly kind: 'unset'; readonly options: readonly StageOption[] };
}

export interface AlterStageSet {
  readonly kind: 'set';
  readonly source: StageSource | undefined;
  /** The clause CONNECTION without URL: the options that change. Names in lower case. */
  readonly connection: ReadonlyMap<string, string> | undefined;
  readonly fileFormat: FileFormatOptions | undefined;
  readonly comment: string | undefined;
}

export type StageOption = 'file_format' | 'comment';

/** The clauses of a SHOW. */
export interface ShowFilter {
  readonly like: string | undefined;
  readonly where: Expression | undefined;
  readonly limit: number | undefined;
}

export interface ShowStages extends ShowFilter {
  readonly kind: 'show-stages';
}

export interface ShowUsers extends ShowFilter {
  readonly kind: 'show-users';
}

export interface ShowRoles extends ShowFilter {
  readonly kind: 'show-roles';
}

export interface ShowGrants extends ShowFilter {
  readonly kind: 'show-grants';
  /**
   * Selects what a user or role has been granted (FOR), who has been granted something on an object (ON), or who has been granted a
   * role (OF). Undefined for what the caller has been granted.
   */
  readonly for:
    | Grantee
    | { readonly kind: 'stage' | 'connection'; readonly name: string }
    | { readonly kind: 'role-members'; readonly name: string }
    | undefined;
}

/** The clauses of a SELECT from one table. */
export interface SelectClauses {
  readonly items: readonly SelectItem[];
  readonly where: Expression | undefined;
  /** Undefined without GROUP BY; `all` means every item without an aggregate. */
  readonly groupBy: readonly Expression[] | 'all' | undefined;
  readonly having: Expression | undefined;
  readonly orderBy: readonly OrderBy[];
  readonly limit: number | undefined;
  readonly offset: number;
}

/** `LIST @…`, and `SELECT … FROM list_stage(…)`. */
export interface SelectFiles extends SelectClauses {
  readonly kind: 'select-files';
  /** The arguments of list_stage, unchecked; names in lower case. LIST sets `location` and `pattern`. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** `SELECT … FROM system.stages` */
export interface SelectStages extends SelectClauses {
  readonly kind: 'select-stages';
}

/** `SELECT … FROM system.users` */
export interface SelectUsers extends SelectClauses {
  readonly kind: 'select-users';
}

/** `SELECT … FROM system.roles`, or `FROM show_roles()` */
export interface SelectRoles extends SelectClauses {
  readonly kind: 'select-roles';
  /** Of `show_roles()`, which has other columns: only the roles that the caller may choose. */
  readonly areAvailable: boolean;
}

/** `SELECT … FROM show_grants('user', 'root')` */
export interface SelectGrants extends SelectClauses {
  readonly kind: 'select-grants';
  /** Unchecked: a kind such as `user`, a name, and in Databend a catalog and a database. */
  readonly arguments: readonly string[];
}

/** `SELECT … FROM system.one`, a table of one row. */
export interface SelectOne extends SelectClauses {
  readonly kind: 'select-one';
}

/** A SELECT from a system table that is empty here, such as `system.tables`. */
export interface SelectNothing {
  readonly kind: 'select-nothing';
  /** The columns of the table, each with a type name of Databend's. */
  readonly table: readonly { readonly name: string; readonly type: string }[];
  /** Undefined if the SELECT has parts that are not parsed, such as a JOIN or a subquery. */
  readonly clauses: SelectClauses | undefined;
  /** The names of the columns, for a SELECT that is not parsed. */
  readonly columns: readonly string[];
  /** Is an unknown function an error? Otherwise the result has `columns` and no rows: tools call functions unknown here. */
  readonly strict: boolean;
}

export type SelectItem =
  | { readonly kind: 'all' }
  | {
      readonly kind: 'value';
      readonly value: Expression;
      /** The alias, in lower case unless quoted; without one, Databend's name of the column. */
      readonly name: string;
    };

export interface OrderBy {
  readonly value: Expression;
  readonly descending: boolean;
  /** The same for both directions. */
  readonly nullsFirst: boolean;
}

/** `SELECT` without FROM. */
export interface SelectValues {
  readonly kind: 'select-values';
  readonly items: readonly Extract<SelectItem, { kind: 'value' }>[];
}

export interface Presign {
  readonly kind: 'presign';
  readonly action: 'upload' | 'download';
  /** `@stage/path`, with the escapes of the location or string resolved. */
  readonly location: string;
  readonly expiresInSeconds: number | undefined;
  readonly contentType: string | undefined;
}

/** A statement of this service: Databend's changes only tags. */
export interface AlterConnection {
  readonly kind: 'alter-connection';
  readonly name: string;
  readonly ifExists: boolean;
  /** The options that change. Names in lower case. */
  readonly options: ReadonlyMap<string, string>;
}

export interface CreateConnection {
  readonly kind: 'create-connection';
  readonly name: string;
  readonly orReplace: boolean;
  readonly ifNotExists: boolean;
  readonly storageType: string;
  /** Names in lower case. */
  readonly options: ReadonlyMap<string, string>;
}

/** A range of the text in UTF-16 offsets. The end is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type Literal = string | number | boolean | null;

export type Expression =
  | { readonly kind: 'literal'; readonly value: Literal; readonly span: Span }
  /** In lower case unless quoted, and without its table. Columns are compared without regard to case. */
  | { readonly kind: 'column'; readonly name: string; readonly span: Span }
  /**
   * Name in lower case. `count(*)` and `count()` have no argument. Arithmetic operators are calls by Databend's names
   * (`plus`, `minus`, `multiply`, `divide`, `modulo`, `concat`). `CAST(x AS t)` and `x::t` are calls of `cast` with the type
   * as a string.
   */
  | {
      readonly kind: 'call';
      readonly function: string;
      readonly arguments: readonly Expression[];
      readonly span: Span;
    }
  | { readonly kind: 'not'; readonly operand: Expression; readonly span: Span }
  | {
      readonly kind: 'logical';
      readonly operator: 'and' | 'or';
      readonly operands: readonly Expression[];
      readonly span: Span;
    }
  | {
      readonly kind: 'comparison';
      readonly operator: Comparison;
      readonly left: Expression;
      readonly right: Expression;
      readonly span: Span;
    }
  | { readonly kind: 'is-null'; readonly operand: Expression; readonly span: Span }
  | {
      readonly kind: 'in';
      readonly operand: Expression;
      readonly choices: readonly Expression[];
      readonly span: Span;
    };

/** `BETWEEN` is parsed as two comparisons, and `NOT LIKE` as a `not` around one. */
export type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>=' | 'like' | 'ilike' | 'regexp';
