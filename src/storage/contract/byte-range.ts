import { StorageError } from './storage-error.js';
import type { ByteRange } from './storage-provider.js';

/**
 * Limits a requested range to an object of `size` bytes. Without a range, returns the whole object; `end` is `start - 1` if the
 * object is empty.
 *
 * @throws StorageError of kind `RangeNotSatisfiable` for a range that contains no byte of the object.
 */
export function resolveRange(range: ByteRange | undefined, size: number): { start: number; end: number } {
  if (range === undefined) return { start: 0, end: size - 1 };
  const { start, end } = 'suffixLength' in range ? lastBytes(range.suffixLength, size) : range;
  if (start >= size || (end !== undefined && end < start)) {
    throw new StorageError(
      'RangeNotSatisfiable',
      `The range holds no byte of the file, which has ${String(size)}.`,
      {
        context: { size },
      },
    );
  }
  return { start, end: Math.min(end ?? size - 1, size - 1) };
}

function lastBytes(count: number, size: number): { start: number; end: number | undefined } {
  return count === 0 ? { start: size, end: undefined } : { start: Math.max(0, size - count), end: undefined };
}
