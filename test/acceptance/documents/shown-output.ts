const UUID = /\b[0-9a-f]{8}-(?:…|[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b)/g;
const TIME = /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d| [+-]\d{4})?/g;
const HTTP_DATE = /\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT\b/g;
const PRESIGNED_TOKEN = /(\/v1\/presigned\/)[\w.~…-]+/g;
const SIGNATURE_FIELD = /\b(X-Amz-(?:Signature|Credential|Date|Security-Token)=)[^&"'\s…]*…?/g;

/** The same text for two outputs of one command that differ only in what is another one each time. */
export function withoutVolatileParts(output: string): string {
  return output
    .replaceAll('\r', '')
    .replace(PRESIGNED_TOKEN, '$1<token>')
    .replace(SIGNATURE_FIELD, '$1<value>')
    .replace(UUID, '<uuid>')
    .replace(TIME, '<time>')
    .replace(HTTP_DATE, '<date>')
    .replace(/[ \t]+$/gm, '')
    .replace(/^\n+|\n+$/g, '');
}

/** Whether a command has printed what a page shows: `…` stands for anything in a line, and alone for any lines. */
export function isAsShown(shown: string, printed: string): boolean {
  const expected = withoutVolatileParts(shown).split('\n');
  return matches(expected.map(lineMatcher), withoutVolatileParts(printed).split('\n'));
}

type LineMatcher = RegExp | 'any lines';

function lineMatcher(line: string): LineMatcher {
  if (line.trim() === '…') return 'any lines';
  const literals = line.split('…').map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${literals.join('.*')}$`, 'u');
}

function matches(expected: readonly LineMatcher[], lines: readonly string[]): boolean {
  const [first, ...rest] = expected;
  if (first === undefined) return lines.length === 0;
  if (first === 'any lines') {
    return Array.from({ length: lines.length + 1 }, (_, skipped) => lines.slice(skipped)).some((after) =>
      matches(rest, after),
    );
  }
  const [line, ...others] = lines;
  return line !== undefined && first.test(line) && matches(rest, others);
}

/** The exit code that an output promises: curl says its own in its last line. */
export function promisedExitCode(shown: string | null): number {
  return Number(/curl: \((\d+)\)[^\n]*\s*$/.exec(shown ?? '')?.[1] ?? 0);
}
