import { clockFinding, tlsFindings } from '../../../src/admin/doctor/database-check.js';
import { fileSystemKind } from '../../../src/admin/doctor/file-system-kind.js';
import { filesFinding, memoryFinding } from '../../../src/admin/doctor/limits-check.js';
import { postgresConfig } from '../database/temporary-postgres.js';

const MIB = 1024 * 1024;

const tlsOf = (url: string): readonly string[] =>
  tlsFindings(postgresConfig(url)).map(({ severity }) => severity);

describe('the doctor, of a connection to PostgreSQL,', () => {
  it.each([
    ['postgres://db.example.com/stagedoor', ['warning']],
    ['postgres://db.example.com/stagedoor?sslmode=require', ['warning']],
    ['postgres://db.example.com/stagedoor?sslmode=verify-full', ['ok']],
    ['postgres://127.0.0.1/stagedoor', []],
    ['postgres://localhost/stagedoor', []],
  ])('judges the TLS of %s', (url, severities) => {
    expect(tlsOf(url)).toEqual(severities);
  });

  it('warns of a clock that is half a minute off, and says in which direction', () => {
    expect(clockFinding(0, 30_000).severity).toBe('ok');
    expect(clockFinding(0, 31_000)).toMatchObject({
      severity: 'warning',
      message: expect.stringContaining('31 seconds behind') as unknown,
    });
    expect(clockFinding(90_000, 0).message).toContain('90 seconds ahead of');
  });
});

describe('the doctor warns of limits', () => {
  it('of memory that uploads and the service would exceed', () => {
    expect(memoryFinding(128 * MIB, 328 * MIB).severity).toBe('ok');
    expect(memoryFinding(128 * MIB, 327 * MIB).severity).toBe('warning');
  });

  it('of files that connections would exceed', () => {
    expect(filesFinding(10_000, 10_100).severity).toBe('ok');
    expect(filesFinding(10_000, 1024).severity).toBe('warning');
  });
});

it.each([
  [0xef53, 'disk'],
  [0x01021994, 'memory'],
  [0x6969, 'network'],
  [0x794c7630, 'container'],
])('a file system of the number %d is one of the kind %s', (type, kind) => {
  expect(fileSystemKind(type)).toBe(kind);
});
