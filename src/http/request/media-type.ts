import { headerParameters } from './header-parameters.js';

const TYPE = /^[ \t]*([^\s;/]+\/[^\s;/]+)[ \t]*(?=;|$)/;

/**
 * Do two values of Content-Type say the same (RFC 9110 8.3.1)? The type and the names of parameters are told apart by no
 * case, parameters by no order, values by no quotes, and charsets by no case.
 */
export function isSameMediaType(a: string, b: string): boolean {
  return a.trim() === b.trim() || (plainest(a) ?? a) === (plainest(b) ?? b);
}

/** One spelling for all that say the same; undefined where it is no media type. */
function plainest(text: string): string | undefined {
  const match = TYPE.exec(text);
  const parameters = match === null ? undefined : headerParameters(text, match[0].length);
  if (match === null || parameters === undefined) return undefined;
  const spelled = parameters.map(([name, value]) => [name, name === 'charset' ? value.toLowerCase() : value]);
  return JSON.stringify([match[1]?.toLowerCase(), ...spelled.sort()]);
}
