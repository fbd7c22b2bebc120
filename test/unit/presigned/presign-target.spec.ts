import { resolveTarget, type PresignTarget } from '../../../src/presigned/presign-target.js';
import { ofKind } from '../of-kind.js';

const CAPABILITIES = {
  presign: true,
  maxObjectBytes: 1,
  contentEtag: true,
  contentType: true,
  dotComponents: false,
  copy: false,
  move: false,
};

function target(fields: Partial<PresignTarget> = {}): PresignTarget {
  return { method: 'PUT', path: 'dir/books.parquet', ...fields };
}

describe('what a presigned URL is good for', () => {
  it('is an hour unless something else is said', () => {
    expect(resolveTarget(target(), CAPABILITIES)).toMatchObject({ expiresInSeconds: 3600 });
  });

  it.each([1, 604_800])('may be for %d seconds', (expiresInSeconds) => {
    expect(resolveTarget(target({ expiresInSeconds }), CAPABILITIES)).toMatchObject({ expiresInSeconds });
  });

  it.each([0, -1, 1.5, 604_801, NaN, Infinity])('is not for %d seconds', (expiresInSeconds) => {
    expect(() => resolveTarget(target({ expiresInSeconds }), CAPABILITIES)).toThrow(
      ofKind('InvalidExpiry', { message: expect.stringMatching(/1 second to 7 days \(604800 seconds\)/) }),
    );
  });

  it('is the file that the path means', () => {
    expect(resolveTarget(target({ path: '//dir//a b.csv' }), CAPABILITIES)).toMatchObject({
      key: 'dir/a b.csv',
    });
  });

  it.each(['', '/', 'dir/', '../x', 'a\nb'])('is no file where the path is %j', (path) => {
    expect(() => resolveTarget(target({ path }), CAPABILITIES)).toThrow(
      ofKind('InvalidKey', { message: expect.stringMatching(/./) }),
    );
  });

  it('is of a download the very name, and the collapsed one only where a stock client asks', () => {
    const download = target({ method: 'GET', path: '//dir//a b.csv ' });
    const name = '//dir//a b.csv ';
    expect(resolveTarget(download, CAPABILITIES)).toMatchObject({ name, otherwise: undefined });
    const asked = { ...download, collapsesSlashes: true };
    expect(resolveTarget(asked, CAPABILITIES)).toMatchObject({ name, otherwise: 'dir/a b.csv ' });
  });

  it('is a download of slashes alone, which nothing is left of without them', () => {
    const download = target({ method: 'GET', path: '//', collapsesSlashes: true });
    expect(resolveTarget(download, CAPABILITIES)).toMatchObject({ name: '//', otherwise: undefined });
  });

  it.each(['text/csv', 'text/csv; charset="utf-8"', 'application/vnd.apache.parquet'])(
    'may be of content type %s',
    (contentType) => {
      expect(resolveTarget(target({ contentType }), CAPABILITIES)).toMatchObject({ contentType });
    },
  );

  it.each([
    '',
    'csv',
    'text/csv\r\nx: y',
    ' text/csv',
    'text/csv ',
    'text/é',
    `text/${'x'.repeat(251)}`,
    'multipart/form-data',
  ])('is not of content type %j', (contentType) => {
    expect(() => resolveTarget(target({ contentType }), CAPABILITIES)).toThrow(
      ofKind('InvalidContentType', { message: expect.stringMatching(/text\/csv/) }),
    );
  });

  it.each([-1, 1.5, 2 ** 53])('is not bounded by %d bytes', (maxBytes) => {
    expect(() => resolveTarget(target({ maxBytes }), CAPABILITIES)).toThrow(
      ofKind('InvalidMaxBytes', { message: expect.stringMatching(/whole number/) }),
    );
  });

  it('may be no more than an empty file', () => {
    expect(resolveTarget(target({ maxBytes: 0 }), CAPABILITIES)).toMatchObject({ maxBytes: 0 });
  });

  it('has neither content type nor size for a download', () => {
    const download = target({ method: 'GET', contentType: 'x', maxBytes: -1 });
    expect(resolveTarget(download, CAPABILITIES)).toEqual({
      method: 'GET',
      name: 'dir/books.parquet',
      otherwise: undefined,
      expiresInSeconds: 3600,
    });
  });
});
