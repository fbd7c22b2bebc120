import { isAtOrBelow, realPathOf } from '../common/real-path.js';
import type { AppConfig } from './app-config.js';
import { ConfigError } from './config-error.js';
import { localFolder } from './local-folder.js';

type Directories = Pick<AppConfig, 'dataDir' | 'database' | 'internalStorage' | 'fsStageRoots'>;

interface Location {
  readonly setting: string;
  readonly path: string;
}

/**
 * Checks that no directory of stages contains files of the service, or lies within them. Otherwise the server's key would be a
 * file of a stage. Resolves links, also in paths that do not exist yet.
 *
 * @throws ConfigError that names both directories, and says what to do.
 */
export function assertRootsSeparate(config: Directories): void {
  const serviceLocations = locationsOfService(config);
  const problems = config.fsStageRoots.flatMap((root) => {
    const other = serviceLocations.find(({ path }) => areNested(realPath(root), realPath(path)));
    return other === undefined ? [] : [problemOf(root, other)];
  });
  if (problems.length > 0) throw new ConfigError(problems);
}

function locationsOfService({ dataDir, database, internalStorage: { url } }: Directories): Location[] {
  const internal = localFolder(url);
  return [
    { setting: 'DATA_DIR', path: dataDir },
    ...(database.kind === 'sqlite' ? [{ setting: 'DATABASE_URL', path: database.path }] : []),
    ...(internal === undefined ? [] : [{ setting: 'INTERNAL_STORAGE_URL', path: internal }]),
  ];
}

function areNested(one: string, other: string): boolean {
  return isAtOrBelow(one, other) || isAtOrBelow(other, one);
}

/** @returns the path itself if it cannot be resolved: the server cannot use it either. */
function realPath(path: string): string {
  try {
    return realPathOf(path);
  } catch {
    return path;
  }
}

function problemOf(root: string, { setting, path }: Location): string {
  return (
    `FS_STAGE_ROOTS: '${describePath(root)}' and that of ${setting}, '${describePath(path)}', are nested: files of the service ` +
    `would be files of a stage. Name a separate directory for stages`
  );
}

function describePath(path: string): string {
  const real = realPath(path);
  return real === path ? path : `${path} (really ${real})`;
}
