/** Option of a column of text: PostgreSQL compares it by bytes, as SQLite always does, and not by a language. */
export const BYTES = { collation: 'C' } as const;
