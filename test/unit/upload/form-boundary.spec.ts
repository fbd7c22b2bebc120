import { formBoundary } from '../../../src/upload/form/form-boundary.js';
import { ofKind } from '../of-kind.js';

const FORM = 'multipart/form-data';

describe('the boundary of a form', () => {
  it.each([
    [`${FORM}; boundary=abc`, 'abc'],
    [`${FORM};boundary=abc`, 'abc'],
    [`  MULTIPART/Form-Data ; Boundary=abc `, 'abc'],
    [`${FORM}; boundary="a b"`, 'a b'],
    [`${FORM}; boundary="a\\bc"`, 'abc'],
    [`${FORM}; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW`, '----WebKitFormBoundary7MA4YWxkTrZu0gW'],
    [`${FORM}; boundary="(),/:=?"`, '(),/:=?'],
    [`${FORM}; charset=utf-8; boundary=abc`, 'abc'],
    [`${FORM}; boundary=abc; charset=utf-8`, 'abc'],
    [`${FORM}; x="; boundary=zzz"; boundary=real`, 'real'],
    [`${FORM}; boundary=abc;`, 'abc'],
    [`${FORM};; boundary=abc`, 'abc'],
    [`${FORM}; boundary=${'x'.repeat(200)}`, 'x'.repeat(200)],
  ])('of %j is %j', (header, boundary) => {
    expect(formBoundary(header)).toBe(boundary);
  });

  it.each([
    [undefined, 'NotMultipart'],
    ['', 'NotMultipart'],
    ['text/csv', 'NotMultipart'],
    ['multipart/mixed; boundary=abc', 'NotMultipart'],
    [`${FORM}x; boundary=abc`, 'NotMultipart'],
    [`${FORM}, ${FORM}; boundary=abc`, 'NotMultipart'],
    [FORM, 'NoBoundary'],
    [`${FORM};`, 'NoBoundary'],
    [`${FORM}; boundaryx=abc`, 'NoBoundary'],
    [`${FORM}; boundary=`, 'MalformedHeader'],
    [`${FORM}; boundary=""`, 'MalformedHeader'],
    [`${FORM}; boundary="a `, 'MalformedHeader'],
    [`${FORM}; boundary="a "`, 'MalformedHeader'],
    [`${FORM}; boundary=a b`, 'MalformedHeader'],
    [`${FORM}; boundary=a; boundary=b`, 'MalformedHeader'],
    [`${FORM}; boundary=a; boundary=a`, 'MalformedHeader'],
    [`${FORM}; boundary="a\u00e9"`, 'MalformedHeader'],
    [`${FORM}; boundary="a\r\nb"`, 'MalformedHeader'],
    [`${FORM}; boundary=a--Content-Type: ${FORM}; boundary=a`, 'MalformedHeader'],
    [`${FORM}; boundary = abc`, 'MalformedHeader'],
  ])('of %j is refused as %s', (header, kind) => {
    expect(() => formBoundary(header)).toThrow(ofKind(kind));
  });

  it('shows no more than the beginning of what it was given', () => {
    expect(() => formBoundary('x'.repeat(10_000))).toThrow(/^.{1,350}$/);
  });
});
