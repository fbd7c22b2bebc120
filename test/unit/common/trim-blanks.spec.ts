import { headerParameters } from '../../../src/http/request/header-parameters.js';
import { trimBlanks } from '../../../src/common/trim-blanks.js';
import { PartHeaders } from '../../../src/upload/form/part-headers.js';

const BLANKS = ' \t'.repeat(100_000);
/** The square of the blanks would take minutes. */
const SOON_MS = 1000;

it.each([
  ['', ''],
  [' \t', ''],
  [' a \t b\t', 'a \t b'],
  ['\u00a0a\u00a0', '\u00a0a\u00a0'],
  ['\na\v', '\na\v'],
])('%j without blanks at its ends is %j', (text, trimmed) => {
  expect(trimBlanks(text)).toBe(trimmed);
});

it.each([
  ['a header with parameters', () => headerParameters(`${BLANKS}x`, 0)],
  ['a part of a form', () => new PartHeaders(Buffer.from(`a:${BLANKS}x\r\nb:${BLANKS}\x01`)).get('a')],
])('a long row of blanks costs nothing in %s', (_where, read) => {
  const start = performance.now();
  read();
  expect(performance.now() - start).toBeLessThan(SOON_MS);
});
