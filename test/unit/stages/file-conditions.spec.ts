import { entityTags } from '../../../src/stages/files/conditions/entity-tags.js';
import {
  fileConditions,
  rangeApplies,
  evaluateConditions,
  type FileConditions,
} from '../../../src/stages/files/conditions/file-conditions.js';
import { httpDate } from '../../../src/stages/files/conditions/http-date.js';
import { ofKind } from '../of-kind.js';

const SECOND = 784_111_777;
const THERE = { etag: '"e"', lastModified: new Date(SECOND * 1000 + 400) };

describe('a date of HTTP', () => {
  it.each([
    'Sun, 06 Nov 1994 08:49:37 GMT',
    'Sunday, 06-Nov-94 08:49:37 GMT',
    'Sun Nov  6 08:49:37 1994',
    ' Sun, 06 Nov 1994 08:49:37 GMT ',
  ])('can be written %j', (text) => {
    expect(httpDate(text)).toBe(SECOND);
  });

  it('may be in the second of a leap', () => {
    expect(httpDate('Sat, 31 Dec 2016 23:59:60 GMT')).toBe(Date.UTC(2016, 11, 31, 23, 59, 59) / 1000);
  });

  it('has a year of two digits in the century that is nearest', () => {
    const year = (new Date().getUTCFullYear() + 10) % 100;
    const day = new Date(Date.UTC(new Date().getUTCFullYear() + 10, 0, 1));
    const weekday = day.toLocaleDateString('en', { weekday: 'long', timeZone: 'UTC' });
    const text = `${weekday}, 01-Jan-${String(year).padStart(2, '0')} 00:00:00 GMT`;
    expect(httpDate(text)).toBe(day.getTime() / 1000);
  });

  it.each([
    '',
    'yesterday',
    '0',
    '784111777',
    '1994-11-06T08:49:37Z',
    'Mon, 06 Nov 1994 08:49:37 GMT',
    'Sun, 31 Feb 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 24:49:37 GMT',
    'Sun, 06 Nov 1994 08:49:37',
    'Sun, 06 Nov 1994 08:49:37 +0000',
    'Sun, 6 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT',
  ])('is not %j', (text) => {
    expect(httpDate(text)).toBeUndefined();
  });
});

describe('a list of ETags', () => {
  it.each([
    ['*', '*'],
    [' * ', '*'],
    ['"a"', ['"a"']],
    ['""', ['""']],
    ['W/"a"', ['W/"a"']],
    ['"a", "b"', ['"a"', '"b"']],
    ['"a","b"', ['"a"', '"b"']],
    [', "a" ,, "b", ', ['"a"', '"b"']],
    ['"a,b"', ['"a,b"']],
    ['"caf\xe9"', ['"caf\xe9"']],
  ])('%j is %j', (text, tags) => {
    expect(entityTags(text)).toEqual(tags);
  });

  it.each([
    '',
    ' ',
    ',',
    'a',
    '"a',
    'a"',
    '"a" "b"',
    '"a"b"',
    '"a b"',
    'w/"a"',
    'W/a',
    '**',
    '*, "a"',
    '"a", *',
    '"a\nb"',
    "'a'",
  ])('is not %j', (text) => {
    expect(entityTags(text)).toBeUndefined();
    expect(() => fileConditions({ 'if-match': text })).toThrow(ofKind('MalformedHeader'));
    expect(() => fileConditions({ 'if-none-match': text })).toThrow(ofKind('MalformedHeader'));
  });
});

it.each<[FileConditions, string, string, string]>([
  [{}, 'holds', 'holds', 'holds'],
  [{ ifMatch: '*' }, 'holds', 'holds', 'fails'],
  [{ ifMatch: ['"x"', '"e"'] }, 'holds', 'holds', 'fails'],
  [{ ifMatch: ['W/"e"'] }, 'fails', 'fails', 'fails'],
  [{ ifNoneMatch: '*' }, 'not-modified', 'fails', 'holds'],
  [{ ifNoneMatch: ['W/"e"'] }, 'not-modified', 'fails', 'holds'],
  [{ ifNoneMatch: ['"x"'] }, 'holds', 'holds', 'holds'],
  [{ ifUnmodifiedSince: SECOND }, 'holds', 'holds', 'holds'],
  [{ ifUnmodifiedSince: SECOND - 1 }, 'fails', 'fails', 'holds'],
  [{ ifModifiedSince: SECOND }, 'not-modified', 'holds', 'holds'],
  [{ ifModifiedSince: SECOND - 1 }, 'holds', 'holds', 'holds'],
  [{ ifMatch: ['"e"'], ifUnmodifiedSince: 0 }, 'holds', 'holds', 'fails'],
  [{ ifNoneMatch: ['"x"'], ifModifiedSince: SECOND }, 'holds', 'holds', 'holds'],
  [{ ifUnmodifiedSince: 0, ifNoneMatch: '*' }, 'fails', 'fails', 'holds'],
])(
  '%j: who reads %s, who changes %s, and where nothing is it %s',
  (conditions, reading, changing, absent) => {
    expect(evaluateConditions(conditions, THERE, 'read')).toBe(reading);
    expect(evaluateConditions(conditions, THERE, 'change')).toBe(changing);
    expect(evaluateConditions(conditions, undefined, 'change')).toBe(absent);
  },
);

it('a file without an ETag is any file, and none of a list', () => {
  const there = { ...THERE, etag: null };
  expect(evaluateConditions({ ifMatch: '*' }, there, 'change')).toBe('holds');
  expect(evaluateConditions({ ifMatch: ['"e"'] }, there, 'change')).toBe('fails');
  expect(evaluateConditions({ ifNoneMatch: ['"e"'] }, there, 'read')).toBe('holds');
});

it.each<[string | undefined, boolean]>([
  [undefined, true],
  ['"e"', true],
  ['"x"', false],
  ['W/"e"', false],
  ['"e", "x"', false],
  ['*', false],
  ['Sun, 06 Nov 1994 08:49:37 GMT', true],
  ['Sun, 06 Nov 1994 08:49:38 GMT', false],
  ['Sun, 06 Nov 1994 08:49:36 GMT', false],
  ['', false],
])('If-Range: %s lets the range be: %s', (ifRange, fits) => {
  expect(rangeApplies(ifRange, THERE)).toBe(fits);
});

it('If-Range of a date is of no use within its second', () => {
  const lastModified = new Date();
  expect(rangeApplies(lastModified.toUTCString(), { etag: null, lastModified })).toBe(false);
});
