import {
  GIB,
  MIB,
  S3_MAX_OBJECT_BYTES,
  S3_MAX_PART_BYTES,
  S3_MAX_PARTS,
  S3_MIN_PART_BYTES,
  S3_MULTIPART_LIMITS,
} from '../../../src/storage/providers/s3/client/s3-limits.js';
import { nextPartBytes, partsInFlight } from '../../../src/storage/multipart/part-sizing.js';

const TIB = 1024 * GIB;

interface Upload {
  readonly bytes: number;
  readonly parts: number;
  readonly largest: number;
  readonly smallest: number;
}

/** Sends as many bytes as fit, up to `bytes`. */
function upload(bytes: number, maxBytes?: number): Upload {
  let [sent, parts, largest, smallest] = [0, 0, 0, Infinity];
  while (sent < bytes && parts < S3_MAX_PARTS) {
    const size = nextPartBytes({ partNumber: parts + 1, bytesSoFar: sent, maxBytes }, S3_MULTIPART_LIMITS);
    parts++;
    sent = Math.min(bytes, sent + size);
    largest = Math.max(largest, size);
    smallest = Math.min(smallest, size);
  }
  return { bytes: sent, parts, largest, smallest };
}

describe('the parts of an S3 upload', () => {
  it.each([
    ['1 byte', 1],
    ['1 GiB', GIB],
    ['79 GiB', 79 * GIB],
    ['1 TiB', TIB],
    ["S3's largest object", S3_MAX_OBJECT_BYTES],
  ])('reach %s, with and without a bound', (_name, bytes) => {
    for (const maxBytes of [undefined, bytes]) {
      const { bytes: sent, largest, smallest } = upload(bytes, maxBytes);
      expect(sent).toBe(bytes);
      expect(largest).toBeLessThanOrEqual(S3_MAX_PART_BYTES);
      expect(smallest).toBeGreaterThanOrEqual(S3_MIN_PART_BYTES);
    }
  });

  it('stay at 8 MiB until 1,000 of them are sent', () => {
    expect(upload(1000 * 8 * MIB)).toMatchObject({ parts: 1000, largest: 8 * MIB });
  });

  it.each([
    [1, 8 * MIB],
    [GIB, 8 * MIB],
    [78 * GIB, 8 * MIB],
    [100 * GIB, 11 * MIB],
    [500 * GIB, 52 * MIB],
  ])('have one size from the first on, where at most %d bytes will come', (maxBytes, size) => {
    expect(upload(maxBytes, maxBytes)).toMatchObject({ smallest: size, largest: size });
  });

  it('begin with no more than 64 MiB, whatever was declared', () => {
    const first = nextPartBytes(
      { partNumber: 1, bytesSoFar: 0, maxBytes: S3_MAX_OBJECT_BYTES },
      S3_MULTIPART_LIMITS,
    );
    expect(first).toBe(64 * MIB);
    expect(upload(S3_MAX_OBJECT_BYTES, S3_MAX_OBJECT_BYTES).largest).toBeLessThan(600 * MIB);
  });

  it('grow after all where more comes than was declared', () => {
    expect(upload(4 * TIB, 100 * MIB).bytes).toBe(4 * TIB);
  });

  it.each([
    [8 * MIB, 2],
    [9 * MIB, 1],
    [32 * MIB, 1],
    [GIB, 1],
  ])('of %d bytes are on their way %d at a time', (partBytes, inFlight) => {
    expect(partsInFlight(partBytes)).toBe(inFlight);
  });
});
