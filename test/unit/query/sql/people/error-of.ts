import { parseStatement } from '../../../../../src/query/sql/parser.js';
import { SqlError } from '../../../../../src/query/sql/sql-error.js';

/** Why a text is no statement. */
export function errorOf(sql: string): SqlError {
  try {
    parseStatement(sql);
  } catch (error) {
    if (error instanceof SqlError) return error;
    throw error;
  }
  throw new TypeError(`accepted: ${sql}`);
}
