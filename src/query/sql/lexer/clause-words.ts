/** Words that begin or join parts of a SELECT: no column or alias is called so without quotes. */
const CLAUSE_WORDS = new Set(
  `and as asc between by case cross desc distinct else end except from full group having ilike in inner intersect is
  join left like limit natural not offset on or order over qualify regexp right rlike select then union using when
  where window with`.split(/\s+/),
);
/** These are functions as well. */
const FUNCTIONS_TOO = new Set(['left', 'right']);

export function isClauseWord(word: string): boolean {
  return CLAUSE_WORDS.has(word.toLowerCase());
}

/** Where an operand is expected, nothing but an error can begin with it. */
export function endsExpression(word: string): boolean {
  return isClauseWord(word) && !isFunctionToo(word);
}

/** Is a clause word also the name of a function, where a parenthesis follows? */
export function isFunctionToo(word: string): boolean {
  return FUNCTIONS_TOO.has(word.toLowerCase());
}
