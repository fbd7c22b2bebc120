import { headerParameters } from './header-parameters.js';

const TYPE = /^[ \t]*([^\s;/]+\/[^\s;/]+)[ \t]*(?=;|$)/;

/**
 * Compares two values of Content-Type by meaning (RFC 9110 8.3.1): ignores the case of the type, of parameter names and
 * of charsets, the order of parameters, and quotes.
 */
export function isSameMediaType(a: string, b: string): boolean {
  return a.trim() === b.trim() || (canonical(a) ?? a) === (canonical(b) ?? b);
}

/** Returns a canonical spelling; undefined for an invalid media type. */
function canonical(text: string): string | undefined {
  const match = TYPE.exec(text);
  const parameters = match === null ? undefined : headerParameters(text, match[0].length);
  if (match === null || parameters === undefined) return undefined;
  const spelled = parameters.map(([name, value]) => [name, name === 'charset' ? value.toLowerCase() : value]);
  return JSON.stringify([match[1]?.toLowerCase(), ...spelled.sort()]);
}
