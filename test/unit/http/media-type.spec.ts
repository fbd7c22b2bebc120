import { isSameMediaType } from '../../../src/http/request/media-type.js';

it.each([
  ['text/csv', 'text/csv'],
  ['text/csv', ' Text/CSV '],
  ['text/csv;charset=utf-8', 'text/csv; Charset="UTF-8"'],
  ['text/csv; header=present; charset=utf-8', 'text/csv;charset=UTF-8;header=present;'],
  ['no type', 'no type'],
])('%s and %s are the same', (a, b) => {
  expect(isSameMediaType(a, b)).toBe(true);
  expect(isSameMediaType(b, a)).toBe(true);
});

it.each([
  ['text/csv', 'text/plain'],
  ['text/csv', ''],
  ['text/csv', 'text/csv; charset=utf-8'],
  ['text/csv; charset=utf-8', 'text/csv; charset=latin1'],
  ['text/csv; header=present', 'text/csv; header=PRESENT'],
  ['text/csv', 'text/csv x'],
])('%s and %s are not', (a, b) => {
  expect(isSameMediaType(a, b)).toBe(false);
  expect(isSameMediaType(b, a)).toBe(false);
});
