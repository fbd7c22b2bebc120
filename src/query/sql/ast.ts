/** What a text of SQL asks for: everything that the parser tells its callers. */
export type Statement =
  | CreateStage
  | AlterStage
  | { readonly kind: 'drop-stage'; readonly name: string; readonly ifExists: boolean }
  | {
      readonly kind: 'show-stages';
      readonly like: string | undefined;
      readonly where: Expression | undefined;
      readonly limit: number | undefined;
    }
  | { readonly kind: 'describe-stage'; readonly name: string }
  | SelectFiles
  | SelectStages
  | SelectOne
  /** From a system table that is not there. */
  | { readonly kind: 'select-unknown'; readonly table: string; readonly span: Span }
  | SelectNothing
  | { readonly kind: 'remove'; readonly location: string; readonly pattern: string | undefined }
  | Presign
  | CreateConnection
  | { readonly kind: 'drop-connection'; readonly name: string; readonly ifExists: boolean }
  | { readonly kind: 'describe-connection'; readonly name: string }
  | { readonly kind: 'show-connections' }
  | SelectValues
  | { readonly kind: 'use'; readonly database: string }
  /** `SET [SESSION] name = value, …`: a value in the text that it has as a setting. */
  | { readonly kind: 'set'; readonly settings: ReadonlyMap<string, string> }
  | { readonly kind: 'unset'; readonly names: readonly string[] }
  /** `SHOW SETTINGS [LIKE …]` */
  | { readonly kind: 'show-settings'; readonly like: string | undefined }
  /** `BEGIN`, `COMMIT` and `ROLLBACK`, which drivers send around what they do. */
  | { readonly kind: 'transaction' }
  /** A question about databases, tables, functions and the like, of which there are none here: it has no rows. */
  | { readonly kind: 'show-nothing'; readonly columns: readonly string[] }
  /** A statement that a warehouse runs and this service does not. `what` names it: `COPY INTO`, `INSERT`. */
  | { readonly kind: 'unsupported'; readonly what: string }
  /** A statement about stages, connections or their users that this service does not know yet. */
  | { readonly kind: 'not-built'; readonly what: string; readonly about: 'users' | 'tags' | 'selects' };

export type StatementKind = Statement['kind'];

export interface CreateStage {
  readonly kind: 'create-stage';
  readonly name: string;
  readonly orReplace: boolean;
  readonly ifNotExists: boolean;
  readonly source: StageSource | undefined;
  readonly fileFormat: FileFormatOptions | undefined;
  readonly comment: string | undefined;
}

/** URL and CONNECTION clause. */
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
  /** `set` of no option at all is told by the executor, with Databend's text. */
  readonly action: AlterStageSet | { readonly kind: 'unset'; readonly options: readonly StageOption[] };
}

export interface AlterStageSet {
  readonly kind: 'set';
  readonly source: StageSource | undefined;
  readonly fileFormat: FileFormatOptions | undefined;
  readonly comment: string | undefined;
}

export type StageOption = 'file_format' | 'comment';

/** The clauses of a SELECT from one table. */
export interface SelectClauses {
  readonly items: readonly SelectItem[];
  readonly where: Expression | undefined;
  /** Undefined without GROUP BY; `all` stands for every item that is no aggregate. */
  readonly groupBy: readonly Expression[] | 'all' | undefined;
  readonly having: Expression | undefined;
  readonly orderBy: readonly OrderBy[];
  readonly limit: number | undefined;
  readonly offset: number;
}

/** `LIST @…`, and `SELECT … FROM list_stage(…)`. */
export interface SelectFiles extends SelectClauses {
  readonly kind: 'select-files';
  /** The arguments of list_stage as they were written; names in lower case. LIST gives `location` and `pattern`. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** `SELECT … FROM system.stages` */
export interface SelectStages extends SelectClauses {
  readonly kind: 'select-stages';
}

/** `SELECT … FROM system.one`, a table of one row. */
export interface SelectOne extends SelectClauses {
  readonly kind: 'select-one';
}

/** A SELECT from a table of databases, tables, functions and the like, which is empty here. */
export interface SelectNothing {
  readonly kind: 'select-nothing';
  /** The columns of the table, each with a type name of Databend's. */
  readonly table: readonly { readonly name: string; readonly type: string }[];
  /** Undefined where there is more in it than is read here: a JOIN, a subquery. */
  readonly clauses: SelectClauses | undefined;
  /** What the columns are called, as far as a glance tells it. */
  readonly columns: readonly string[];
  /** A function that is not there is told. Else `columns` stand for them: tools ask for more than is known here. */
  readonly strict: boolean;
}

export type SelectItem =
  | { readonly kind: 'all' }
  | {
      readonly kind: 'value';
      readonly value: Expression;
      /** The alias, in lower case unless it is quoted, else the text of the expression as Databend would name the column. */
      readonly name: string;
    };

export interface OrderBy {
  readonly value: Expression;
  readonly descending: boolean;
  /** In either direction. */
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
  /** `@stage/path` as it was written, the escapes of the `@…` token and of a string resolved. */
  readonly location: string;
  readonly expiresInSeconds: number | undefined;
  readonly contentType: string | undefined;
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

/** Where in the text something stands: UTF-16 offsets, the end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type Literal = string | number | boolean | null;

export type Expression =
  | { readonly kind: 'literal'; readonly value: Literal; readonly span: Span }
  /** In lower case unless it is quoted, and without its table; columns are found without regard to case. */
  | { readonly kind: 'column'; readonly name: string; readonly span: Span }
  /**
   * Name in lower case. `count(*)` and `count()` have no argument. Operators that compute are calls by Databend's names
   * for them (`plus`, `minus`, `multiply`, `divide`, `modulo`, `concat`), `CAST(x AS t)` and `x::t` are calls of `cast`
   * with the type as a string.
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

/** `BETWEEN` is two of them; `NOT LIKE` and the like are a `not` around one. */
export type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>=' | 'like' | 'ilike' | 'regexp';
