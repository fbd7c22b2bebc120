import { isAtOrBelow, realPathOf } from '../common/real-path.js';
import type { AppConfig } from './app-config.js';
import { ConfigError } from './config-error.js';

type Places = Pick<AppConfig, 'dataDir' | 'databasePath' | 'internalStorage' | 'fsStageRoots'>;

interface Place {
  readonly setting: string;
  readonly path: string;
}

/**
 * Refuses directories of stages in which files of the service lie, or which lie among them: its key would be a file of a stage.
 * Links are resolved, also of what is not there yet.
 *
 * @throws ConfigError that names both, and says what to do.
 */
export function requireRootsApart(config: Places): void {
  const own = ownPlaces(config);
  const problems = config.fsStageRoots.flatMap((root) => {
    const other = own.find(({ path }) => areNested(realPath(root), realPath(path)));
    return other === undefined ? [] : [problemOf(root, other)];
  });
  if (problems.length > 0) throw new ConfigError(problems);
}

function ownPlaces({ dataDir, databasePath, internalStorage: { url } }: Places): Place[] {
  const internal = url.startsWith('fs://') ? url.slice('fs://'.length).replace(/(?<=.)\/$/, '') : undefined;
  return [
    { setting: 'DATA_DIR', path: dataDir },
    { setting: 'DATABASE_URL', path: databasePath },
    ...(internal === undefined ? [] : [{ setting: 'INTERNAL_STORAGE_URL', path: internal }]),
  ];
}

function areNested(one: string, other: string): boolean {
  return isAtOrBelow(one, other) || isAtOrBelow(other, one);
}

/** Where it may not be looked, the server cannot use it either. */
function realPath(path: string): string {
  try {
    return realPathOf(path);
  } catch {
    return path;
  }
}

function problemOf(root: string, { setting, path }: Place): string {
  return (
    `FS_STAGE_ROOTS: '${shown(root)}' and that of ${setting}, '${shown(path)}', lie one in the other, so that files of the service ` +
    `would be files of a stage. Name a directory for stages that lies apart`
  );
}

function shown(path: string): string {
  const real = realPath(path);
  return real === path ? path : `${path} (really ${real})`;
}
