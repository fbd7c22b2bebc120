/** Databend's unquoted identifier, Unicode letters included. */
const IDENTIFIER = /^[_\p{XID_Start}][_$\p{XID_Continue}]*$/u;
/** A stage's name is a component of every internal key. */
const MAX_BYTES = 255;

/** Words that Databend's parser does not accept as identifiers (databend-common-ast 0.2.5, `is_reserved_ident`). */
const RESERVED_WORDS = new Set(
  `all analyze and any function procedure sequence asc anti both block case cast connection cross current_timestamp desc
  distinct do else end false for full in identifier inner is join lateral leading left like natural not null or right
  select pivot unpivot some semi set sample then trailing true using when array as asof between create attach except
  fetch from grant group having intersect into limit format offset on of order over partition properties qualify rows
  range stage udf share shares to union where window with ignore_result masking row policy task pipe stream notification`.split(
    /\s+/,
  ),
);

/**
 * Checks a name for a new object; case is kept.
 *
 * @returns the problem, as the end of a sentence "… cannot be used: "; undefined for a valid name.
 */
export function validateIdentifier(name: string): string | undefined {
  if (!IDENTIFIER.test(name)) return 'it must be letters, digits, _ and $, and begin with a letter or _';
  if (Buffer.byteLength(name) > MAX_BYTES) return `it may have at most ${String(MAX_BYTES)} bytes`;
  if (RESERVED_WORDS.has(name.toLowerCase())) return 'it is a reserved word of SQL';
  return undefined;
}
