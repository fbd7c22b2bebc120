/** Fate of the files there. */
export type FileSystemKind = 'disk' | 'memory' | 'network' | 'container';

/** Numbers of Linux, in `statfs(2)`. */
const KINDS: ReadonlyMap<number, FileSystemKind> = new Map([
  [0x01021994, 'memory'], // tmpfs
  [0x858458f6, 'memory'], // ramfs
  [0x6969, 'network'], // NFS
  [0xff534d42, 'network'], // CIFS
  [0xfe534d42, 'network'], // SMB2
  [0x00c36400, 'network'], // Ceph
  [0x47504653, 'network'], // GPFS
  [0x0bd00bd0, 'network'], // Lustre
  [0x65735546, 'network'], // FUSE
  [0x01021997, 'network'], // 9P
  [0x794c7630, 'container'], // overlay
]);

/** @param type of `statfs`. */
export function fileSystemKind(type: number): FileSystemKind {
  return KINDS.get(type) ?? 'disk';
}
