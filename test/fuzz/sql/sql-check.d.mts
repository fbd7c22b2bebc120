type Parse = (sql: string) => { readonly kind: string };

/**
 * Parses one statement.
 * @returns whether it was accepted, and how long that took.
 * @throws Error where something else came of it than a statement or an error of kind `Syntax` about a place in it.
 */
export function checkStatement(
  parseStatement: Parse,
  sql: string,
): { readonly accepted: boolean; readonly milliseconds: number };

/** The shortest of several times: a machine may be busy with something else. */
export function bestTimeOf(parseStatement: Parse, sql: string): number;
