import type { ObjectStat } from './storage-provider.js';

/** Is it a directory marker, as consoles and mounts create them, or the stage's own root? Listings skip both. */
export function isMarker({ key, size }: Pick<ObjectStat, 'key' | 'size'>): boolean {
  return size === 0 && (key === '' || key.endsWith('/'));
}
