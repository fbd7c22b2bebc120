import {
  dataDescriptor,
  directoryRecord,
  endOfArchive,
  localHeader,
} from '../../../../src/stages/archive/zip-records.js';

const GIB = 1024 ** 3;
const entry = (size: number): { name: Buffer; size: number; modified: Date } => ({
  name: Buffer.from('a'),
  size,
  modified: new Date('2026-11-30T22:00:01Z'),
});

describe('the records of a ZIP', () => {
  it.each([
    [4 * GIB - 2, 16, 20],
    [4 * GIB - 1, 24, 45],
    [10 * GIB, 24, 45],
  ])('of a file of %d bytes have lengths that hold it', (size, descriptorBytes, version) => {
    const header = localHeader(entry(size), undefined);
    expect(header.readUInt16LE(4)).toBe(version);
    expect(dataDescriptor(entry(size), 1)).toHaveLength(descriptorBytes);
    const record = directoryRecord({ ...entry(size), crc32: 1, offset: 0, isChecksumBehind: true });
    expect(record.readUInt32LE(24)).toBe(Math.min(size, 0xffffffff));
    if (version === 45) expect(record.readBigUInt64LE(46 + 1 + 4)).toBe(BigInt(size));
  });

  it('say a position beyond 4 GiB in 64 bits, also for a short file', () => {
    const record = directoryRecord({ ...entry(1), crc32: 1, offset: 5 * GIB, isChecksumBehind: false });
    expect(record.readUInt32LE(42)).toBe(0xffffffff);
    expect(record.readBigUInt64LE(46 + 1 + 4)).toBe(BigInt(5 * GIB));
  });

  it.each([
    [65_534, 22],
    [65_535, 98],
  ])('end an archive of %d files with %d bytes', (entries, bytes) => {
    expect(endOfArchive({ entries, offset: 10, bytes: 20 })).toHaveLength(bytes);
  });

  it.each([['1970-01-01T00:00:00Z'], ['1901-01-01T00:00:00Z'], ['2200-01-01T00:00:00Z']])(
    'take a file of %s',
    (time) => {
      expect(() => localHeader({ ...entry(1), modified: new Date(time) }, 0)).not.toThrow();
    },
  );
});
