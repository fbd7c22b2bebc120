import { isAsShown, promisedExitCode } from '../../acceptance/documents/shown-output.js';

describe('what a page shows is what was printed', () => {
  it.each([
    ['the same text', '{"removed":1}', '{"removed":1}\n'],
    ['nothing', '', ''],
    ['another id', 'e20649f8-268e-4b5a-9bd8-33972a522290', '00000000-0000-4000-8000-000000000000'],
    ['a shortened id', '{"id":"e20649f8-…","a":1}', '{"id":"00000000-0000-4000-8000-000000000000","a":1}'],
    ['another ISO time', '"2026-11-22T18:38:26.377Z"', '"2027-01-02T03:04:05.678Z"'],
    ['another time of a listing', '"2026-11-25 19:21:23.281 +0000"', '"2027-01-02 03:04:05.006 +0000"'],
    ['another HTTP date', 'Date: Sun, 22 Nov 2026 18:38:26 GMT', 'Date: Mon, 04 Jan 2027 03:04:05 GMT'],
    ['another presigned token', 'http://a/v1/presigned/eyJ1c2Vy…"', 'http://a/v1/presigned/eyJ9.x-_y"'],
    ['another signature of S3', 'X-Amz-Signature=1f…', 'X-Amz-Signature=00aa'],
    ['line ends of HTTP', 'HTTP/1.1 200 OK\n\nPAR1', 'HTTP/1.1 200 OK\r\n\r\nPAR1'],
    ['a gap in a line', '{"name":"a",…}', '{"name":"a","size":1}'],
    ['a gap of nothing', 'a…b', 'ab'],
    ['lines left out', 'first\n…\nlast', 'first\nsecond\nthird\nlast'],
    ['no lines left out', 'first\n…\nlast', 'first\nlast'],
    ['letters that mean something in patterns', '(a|b)*.[c]$', '(a|b)*.[c]$'],
    ['blank lines at both ends', '\n\na\n\n', 'a'],
  ])('%s', (_, shown, printed) => {
    expect(isAsShown(shown, printed)).toBe(true);
  });

  it.each([
    ['another text', '{"removed":1}', '{"removed":2}'],
    ['something where nothing is shown', '', 'curl: (7) Failed to connect'],
    ['nothing where something is shown', 'a', ''],
    ['a line more', 'a', 'a\nb'],
    ['a line less', 'a\nb', 'a'],
    ['another md5', '"da328a23d1f7ca7d93e448f9e4a0d4d1"', '"00328a23d1f7ca7d93e448f9e4a0d4d1"'],
    ['a line where the gap is in one', 'a…b', 'a\nb'],
    ['no end after lines left out', 'first\n…\nlast', 'first\nsecond'],
    ['no id where one is shown', '"e20649f8-268e-4b5a-9bd8-33972a522290"', '"books"'],
    ['a text that only a pattern would take', 'a.c', 'abc'],
  ])('but not %s', (_, shown, printed) => {
    expect(isAsShown(shown, printed)).toBe(false);
  });
});

describe('the exit code that an output promises', () => {
  it.each([
    ['curl: (22) The requested URL returned error: 404', 22],
    ['{"error":…}\ncurl: (7) Failed to connect\n', 7],
    ['curl: (22) first\n{"removed":1}', 0],
    ['{"removed":1}', 0],
    [null, 0],
  ])('of %j is %i', (shown, code) => {
    expect(promisedExitCode(shown)).toBe(code);
  });
});
