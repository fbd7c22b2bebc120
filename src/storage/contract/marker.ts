import type { ObjectStat } from './storage-provider.js';

/** How consoles and mounts mark a directory, and the name of a stage's own root: no file, and shown by no listing. */
export function isMarker({ key, size }: Pick<ObjectStat, 'key' | 'size'>): boolean {
  return size === 0 && (key === '' || key.endsWith('/'));
}
