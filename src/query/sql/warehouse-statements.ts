import type { Statement } from './ast.js';
import type { TokenStream } from './lexer/token-stream.js';

/** First words of statements that only a warehouse runs, and the names of the statements. */
const STATEMENTS: ReadonlyMap<string, string> = new Map([
  ['ANALYZE', 'ANALYZE'],
  ['ATTACH', 'ATTACH TABLE'],
  ['CALL', 'CALL'],
  ['COMMENT', 'COMMENT ON'],
  ['COPY', 'COPY INTO'],
  ['DELETE', 'DELETE'],
  ['EXECUTE', 'EXECUTE'],
  ['EXISTS', 'EXISTS TABLE'],
  ['EXPLAIN', 'EXPLAIN'],
  ['FROM', 'SELECT from a table'],
  ['INSERT', 'INSERT'],
  ['KILL', 'KILL'],
  ['MERGE', 'MERGE'],
  ['OPTIMIZE', 'OPTIMIZE'],
  ['REFRESH', 'REFRESH'],
  ['RENAME', 'RENAME'],
  ['REPLACE', 'REPLACE INTO'],
  ['REPORT', 'REPORT'],
  ['SYSTEM', 'SYSTEM'],
  ['TRUNCATE', 'TRUNCATE TABLE'],
  ['UNDROP', 'UNDROP'],
  ['UPDATE', 'UPDATE'],
  ['VACUUM', 'VACUUM'],
  ['VALUES', 'VALUES'],
  ['WITH', 'WITH'],
]);
const MODIFIERS = new Set(['TRANSIENT', 'TEMPORARY', 'TEMP', 'EXTERNAL', 'AGGREGATING', 'INVERTED', 'NGRAM']);
/** Objects that only a warehouse creates, alters, drops and describes. */
const OBJECTS = new Set(
  `CATALOG DATABASE SCHEMA TABLE VIEW MATERIALIZED INDEX FUNCTION FILE STREAM TASK PIPE SEQUENCE PROCEDURE DICTIONARY
  WAREHOUSE WORKLOAD WORKER MASKING ROW NOTIFICATION SHARE DYNAMIC VIRTUAL DATAMASK UDF`.split(/\s+/),
);
const TWO_WORDS: Readonly<Record<string, string>> = {
  FILE: 'FILE FORMAT',
  MATERIALIZED: 'MATERIALIZED VIEW',
  MASKING: 'MASKING POLICY',
  ROW: 'ROW ACCESS POLICY',
  NOTIFICATION: 'NOTIFICATION INTEGRATION',
  DYNAMIC: 'DYNAMIC TABLE',
  VIRTUAL: 'VIRTUAL COLUMN',
  WORKLOAD: 'WORKLOAD GROUP',
};

/** Accepts a statement that needs a warehouse, by its first word. Skips the rest. */
export function acceptWarehouseStatement(tokens: TokenStream): Statement | undefined {
  const what = STATEMENTS.get(tokens.word() ?? '');
  if (what === undefined) return undefined;
  const isOfPolicy = what === 'COMMENT ON' && ['NETWORK', 'PASSWORD'].includes(tokens.word(2) ?? '');
  tokens.skipRest();
  if (isOfPolicy) return { kind: 'not-built', what: 'COMMENT ON a policy', about: 'policies' };
  return { kind: 'unsupported', what };
}

/** Accepts an object of a warehouse after CREATE, ALTER, DROP or DESC. */
export function acceptWarehouseObject(tokens: TokenStream, verb: string): Statement | undefined {
  const object = tokens.word(MODIFIERS.has(tokens.word() ?? '') ? 1 : 0);
  if (object === undefined || !OBJECTS.has(object)) return undefined;
  tokens.skipRest();
  return { kind: 'unsupported', what: `${verb} ${TWO_WORDS[object] ?? object}` };
}
