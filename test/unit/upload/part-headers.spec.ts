import { createHash } from 'node:crypto';
import { PartHeaders } from '../../../src/upload/form/part-headers.js';
import { ofKind } from '../of-kind.js';

const headersOf = (...lines: string[]): PartHeaders =>
  new PartHeaders(Buffer.from(lines.join('\r\n'), 'latin1'));
const MD5 = createHash('md5').update('hello').digest();

describe('the headers of a form part', () => {
  it.each<[string, string[], string, string[]]>([
    ['are found whatever their case', ['Content-TYPE: text/csv'], 'content-type', ['text/csv']],
    ['need no space', ['a:b'], 'a', ['b']],
    ['lose white space around their values', ['a: \t b c \t'], 'a', ['b c']],
    ['may be empty', ['a:'], 'a', ['']],
    ['may have a colon in their values', ['a: b:c'], 'a', ['b:c']],
    ['may come twice', ['a: 1', 'b: 2', 'A: 3'], 'a', ['1', '3']],
    ['may be folded', ['a: one', '  two', '\tthree', 'b: x'], 'a', ['one two three']],
    ['that are missing are none', ['a: 1'], 'b', []],
    ['may have the name of a method of objects', ['constructor: x'], 'constructor', ['x']],
    ['of an empty block are none', [''], 'a', []],
  ])('%s', (_name, lines, name, values) => {
    expect(headersOf(...lines).get(name)).toEqual(values);
  });

  it.each([
    'form-data; name="a"',
    'form-data; name="a"; filename="b"',
    'form-data; name=a; filename=b.csv',
    'FORM-DATA;NAME="a";FILENAME="b"',
    'form-data; name="a"; filename="\\"quoted\\" \u00c3\u00bc; x=y"',
    `form-data; name="a"; filename="b"; filename*=utf-8''b`,
    'form-data; name="a"; filename="b";',
  ])('are well-formed with %s', (disposition) => {
    expect(headersOf(`Content-Disposition: ${disposition}`, 'X:', 'Y: z').problem).toBeUndefined();
  });

  it.each([
    ['no Content-Disposition', ['Content-Type: text/csv']],
    ['another disposition', ['Content-Disposition: attachment; name="a"']],
    ['one that goes on', ['Content-Disposition: form-data2; name="a"']],
    ['an empty name of a parameter', ['Content-Disposition: form-data; name="a";="a"; filename="a"']],
    ['a parameter that goes on', ['Content-Disposition: form-data; name="a"; filename="a"----']],
    ['an open quotation', ['Content-Disposition: form-data; name="a"; filename="a']],
    ['a file name of two words', ['Content-Disposition: form-data; name="a"; filename=a b']],
    ['two names', ['Content-Disposition: form-data; name="a"; name="b"']],
    ['two file names', ['Content-Disposition: form-data; name="a"; filename="a"; filename="b"']],
    ['two dispositions', Array<string>(2).fill('Content-Disposition: form-data; name="a"')],
    ['a line without a colon', ['Content-Disposition: form-data; name="a"', 'nonsense']],
    ['a line without a name', ['Content-Disposition: form-data; name="a"', ': x']],
    ['white space before a colon', ['Content-Disposition: form-data; name="a"', 'a : x']],
    ['a control character', ['Content-Disposition: form-data; name="a"', 'a: x\0']],
    ['an empty line', ['']],
  ])('are malformed with %s', (_what, lines) => {
    expect(headersOf(...lines).problem).toMatch(/cannot be read/);
  });

  it('say that a name is missing', () => {
    expect(headersOf('Content-Disposition: form-data; filename="a"').problem).toMatch(/no name/);
  });

  it.each([
    ['form-data; name="a"', 'a'],
    ['form-data; name=""', ''],
    ['form-data; name="\u00c3\u00bc"; filename=""', 'ü'],
    ['form-data; name="a"; filename="b"', undefined],
    [`form-data; filename*=utf-8''b; name="a"`, undefined],
  ])('%j are those of a text field: %j', (disposition, field) => {
    expect(headersOf(`Content-Disposition: ${disposition}`).textField).toBe(field);
  });

  it('declare the digests of their file', () => {
    const { checksums } = headersOf(`Content-MD5: ${MD5.toString('base64')}`).declaredContent();
    expect(checksums).toEqual({ md5: MD5.toString('hex') });
  });

  it('with a malformed digest are refused before a byte of the file', () => {
    const headers = headersOf('Content-MD5: nonsense');
    expect(() => headers.declaredContent()).toThrow(ofKind('MalformedHeader'));
  });

  it.each([
    ['5', 5, undefined],
    ['0', 0, undefined],
    ['5', 4, 'LengthMismatch'],
    ['5', 6, 'LengthMismatch'],
    ['0', 1, 'LengthMismatch'],
    ['', 0, 'LengthMismatch'],
    ['0x5', 5, 'LengthMismatch'],
    ['-5', 5, 'LengthMismatch'],
    ['5, 5', 5, 'LengthMismatch'],
  ])('with Content-Length %j: a file of %d bytes is %s', (length, size, kind) => {
    const { verify } = headersOf(`Content-Length: ${length}`).declaredContent();
    const verifying = (): void => {
      verify({ size, checksums: {} });
    };
    if (kind === undefined) expect(verifying).not.toThrow();
    else expect(verifying).toThrow(ofKind(kind));
  });
});
