/** `"<inode>-<size>-<microseconds>"` in base 36: the form that only etags of the fs provider have. */
const ON_DISK = /^"[\da-z]+-([\da-z]+)-([\da-z]+)"$/;
const MICROSECONDS_OF_SECOND = 1_000_000;

/**
 * Is the file of `etag` a copy of the file of `original`, made by `cp -a`, `rsync -a` or tar? Such a copy has another inode, and
 * the same size and time. A time of whole seconds is too coarse to prove it.
 */
export function isEtagOfCopy(etag: string | null, original: string): boolean {
  const [, size, time = ''] = ON_DISK.exec(etag ?? '') ?? [];
  const [, originalSize, originalTime] = ON_DISK.exec(original) ?? [];
  if (size === undefined || size !== originalSize || time !== originalTime) return false;
  return Number.parseInt(time, 36) % MICROSECONDS_OF_SECOND !== 0;
}
