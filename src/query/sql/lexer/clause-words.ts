/** Words that begin or join clauses of a SELECT. As names of columns or aliases they need quotes. */
const CLAUSE_WORDS = new Set(
  `and as asc between by case cross desc distinct else end except from full group having ilike in inner intersect is
  join left like limit natural not offset on or order over qualify regexp right rlike select then union using when
  where window with`.split(/\s+/),
);
/** Clause words that are also names of functions. */
const FUNCTION_NAMES = new Set(['left', 'right']);

export function isClauseWord(word: string): boolean {
  return CLAUSE_WORDS.has(word.toLowerCase());
}

/** Can no operand begin with the word? */
export function endsExpression(word: string): boolean {
  return isClauseWord(word) && !isFunctionName(word);
}

/** Is a clause word also the name of a function, if a parenthesis follows? */
export function isFunctionName(word: string): boolean {
  return FUNCTION_NAMES.has(word.toLowerCase());
}
