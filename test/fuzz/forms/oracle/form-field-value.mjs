/** What the grammar does not have. */
export class NotByGrammar extends Error {}

export const TOKEN = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/;
const PARAMETER = new RegExp(`[ \\t]*;[ \\t]*(?:(${TOKEN.source})(=)?)?`, 'y');
const VALUE = /[^ \t;]*/y;
const QUOTED = /"((?:[^"\\]|\\.)*)"/y;

/** @typedef {[name: string, text: string]} Parameter */

/**
 * `value; name=token; name="quoted"` as RFC 9110 5.6.6 has it.
 *
 * @param {string} text
 * @param {string[]} doubts to which it adds
 * @returns the parameters as pairs with names in lower case.
 * @throws NotByGrammar
 */
export function parseFieldValue(text, doubts) {
  const [value = ''] = /^[^;]*/.exec(text) ?? [];
  /** @type {Parameter[]} */
  const parameters = [];
  let at = value.length;
  while (at < text.length) {
    const [whole = '', name, equals] = take(PARAMETER, text, at) ?? fail(text, at, doubts);
    at += whole.length;
    if (name === undefined) {
      doubts.push('an empty parameter');
      continue;
    }
    if (equals === undefined) throw new NotByGrammar('a parameter without a value');
    const { parameter, length } = parameterValue(text, at, doubts);
    parameters.push([name.toLowerCase(), parameter]);
    at += length;
  }
  return { value: value.replace(/^[ \t]+|[ \t]+$/g, ''), parameters };
}

/**
 * @param {RegExp} pattern
 * @param {string} text
 * @param {number} at
 */
function take(pattern, text, at) {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/**
 * @param {string} text
 * @param {number} at
 * @param {string[]} doubts
 */
function fail(text, at, doubts) {
  const rest = text.slice(at);
  if (/[^ \t]/.test(rest)) throw new NotByGrammar('a parameter that is none');
  doubts.push('white space at the end of a value');
  return [rest];
}

/**
 * @param {string} text
 * @param {number} at
 * @param {string[]} doubts
 */
function parameterValue(text, at, doubts) {
  if (text[at] === '"') {
    const [whole, inner = ''] = take(QUOTED, text, at) ?? [];
    if (whole === undefined) throw new NotByGrammar('a quotation without an end');
    // A backslash before anything else is part of a Windows path that nobody has escaped.
    if (/\\[^"\\]/.test(inner)) doubts.push('a backslash that escapes nothing');
    return { parameter: inner.replace(/\\(["\\])/g, '$1'), length: whole.length };
  }
  const [bare = ''] = take(VALUE, text, at) ?? [];
  if (bare === '') throw new NotByGrammar('a parameter without a value');
  if (bare.replace(TOKEN, '') !== '') doubts.push('a bare value that is no token');
  return { parameter: bare, length: bare.length };
}
