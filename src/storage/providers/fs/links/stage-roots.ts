import { isAtOrBelow, realPathOf } from '../../../../common/real-path.js';
import { StorageError } from '../../../contract/storage-error.js';

/**
 * Checks that no link leads out of the roots that contain the path. A path in none of the roots was allowed by an earlier setting.
 *
 * @param realPath the path with links resolved.
 * @throws StorageError of kind `InvalidConfig`.
 */
export function assertWithin(path: string, realPath: string, roots: readonly string[]): void {
  const named = roots.filter((root) => isAtOrBelow(path, root));
  if (named.length === 0 || named.some((root) => isAtOrBelow(realPath, realPathOf(root)))) return;
  throw new StorageError(
    'InvalidConfig',
    `A symbolic link leads from '${path}' out of the directories of FS_STAGE_ROOTS: name the directory itself.`,
    { context: { scheme: 'fs' } },
  );
}
