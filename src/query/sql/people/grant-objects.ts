import type { Statement } from '../ast.js';
import type { TokenStream } from '../lexer/token-stream.js';

/** Objects that only a warehouse has, by the first word of each. */
const OBJECTS: ReadonlyMap<string, string> = new Map([
  ['DATABASE', 'DATABASE'],
  ['TABLE', 'TABLE'],
  ['UDF', 'UDF'],
  ['WAREHOUSE', 'WAREHOUSE'],
  ['SEQUENCE', 'SEQUENCE'],
  ['PROCEDURE', 'PROCEDURE'],
  ['MASKING', 'MASKING POLICY'],
  ['ROW', 'ROW ACCESS POLICY'],
]);

/**
 * Accepts an object of a warehouse, and skips the rest of the statement.
 *
 * @param verb what stands before ON.
 */
export function acceptWarehouseObject(tokens: TokenStream, verb: string): Statement | undefined {
  const object = OBJECTS.get(tokens.word() ?? '');
  return object === undefined ? undefined : skipUnsupported(tokens, `${verb} ON ${object}`);
}

/**
 * Accepts `*`, `db.*`, `db.table` or `table`, and skips the rest of the statement.
 *
 * @param after the word that must follow, so that a misspelled STAGE is not read as a table.
 */
export function acceptTables(tokens: TokenStream, verb: string, after: 'TO' | 'FROM'): Statement | undefined {
  const isName = ['word', 'quoted', 'string'].includes(tokens.peek().kind) && !tokens.isWord(after);
  if (!isName && !tokens.isSymbol('*')) return undefined;
  let isDatabase = tokens.isSymbol('*');
  tokens.take();
  if (!isDatabase && tokens.acceptSymbol('.')) {
    isDatabase = tokens.acceptSymbol('*');
    if (!isDatabase && tokens.acceptString() === undefined) tokens.expectName('the name of a table');
  }
  tokens.expectWord(after);
  return skipUnsupported(tokens, `${verb} ON ${isDatabase ? 'DATABASE' : 'TABLE'}`);
}

function skipUnsupported(tokens: TokenStream, what: string): Statement {
  tokens.skipRest();
  return { kind: 'unsupported', what };
}
