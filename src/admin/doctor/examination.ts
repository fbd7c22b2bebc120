import type { AppConfig } from '../../config/app-config.js';
import { checkDatabase, type DatabaseCheck } from './database-check.js';
import { error, type Finding } from './finding.js';
import { checkFolders } from './folders-check.js';
import { checkKeys } from './keys-check.js';
import { checkLimits } from './limits-check.js';
import { checkPorts } from './port-check.js';
import { checkProxy } from './proxy-check.js';
import { checkServices } from './services-check.js';
import { checkSettings } from './settings-check.js';

interface ExaminationOptions {
  /** Check every external stage, too? */
  readonly stages: boolean;
}

/**
 * Looks at an installation from its settings to its stores. What opens the database runs only if everything before it is free of
 * errors: a database that is opened by the wrong user, or without its key, would get files that the server cannot use.
 */
export async function examine(
  readConfig: () => AppConfig,
  options: ExaminationOptions,
): Promise<readonly Finding[]> {
  const { config, findings: settings } = checkSettings(readConfig);
  if (config === null) return settings;
  const folders = checkFolders(config);
  const { isUsed, findings } = folders.some(isError) ? NOT_LOOKED_AT : await checkContent(config);
  const opened = [...folders, ...findings];
  const others = [...checkLimits(config), ...(await checkPorts(config)), ...checkProxy(config)];
  return [...settings, ...opened, ...others, ...(await servicesFindings(config, opened, isUsed, options))];
}

/** A folder that cannot be used hides its files. */
const NOT_LOOKED_AT: DatabaseCheck = { isUsed: false, findings: [] };

async function checkContent(config: AppConfig): Promise<DatabaseCheck> {
  const { isUsed, findings } = await checkDatabase(config);
  return { isUsed, findings: [...checkKeys(config, isUsed), ...findings] };
}

function isError({ severity }: Finding): boolean {
  return severity === 'error';
}

async function servicesFindings(
  config: AppConfig,
  before: readonly Finding[],
  isUsed: boolean,
  options: ExaminationOptions,
): Promise<readonly Finding[]> {
  if (before.some(isError)) {
    return [error('database', 'It was not opened, nor any store: correct the errors above first.')];
  }
  return isUsed ? checkServices(config, options) : [];
}
