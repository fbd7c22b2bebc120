import { StorageError } from './storage-error.js';
import type { ByteRange } from './storage-provider.js';

/**
 * Cuts an asked range to an object of `size` bytes. Without one it is the whole object; of an empty object `end` is then
 * `start - 1`.
 *
 * @throws StorageError of kind `RangeNotSatisfiable` for a range that holds no byte of the object.
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
