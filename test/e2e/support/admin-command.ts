import { AdminError } from '../../../src/admin/admin-error.js';
import { runCommand } from '../../../src/admin/commands.js';
import { AppError } from '../../../src/common/app-error.js';
import { parseAppConfig } from '../../../src/config/app-config.js';
import { databaseSettings } from './test-app.js';

export interface Outcome {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** As `main.ts` of the commands runs it, on the database that belongs to its data folder if the settings name none. */
export async function command(
  settings: Readonly<Record<string, string>>,
  ...args: string[]
): Promise<Outcome> {
  return commandWithInput(undefined, settings, ...args);
}

/** @param line the first line of the standard input. */
export async function commandWithInput(
  line: string | undefined,
  settings: Readonly<Record<string, string>>,
  ...args: string[]
): Promise<Outcome> {
  const { DATA_DIR: dataDir } = settings;
  const database = dataDir === undefined ? {} : await databaseSettings(dataDir);
  let output = '';
  try {
    await runCommand(
      args,
      () => parseAppConfig({ ...database, ...settings }),
      (text) => void (output += `${text}\n`),
      () => Promise.resolve(line),
    );
    return { code: 0, output, errors: '' };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const code = error instanceof AdminError && error.kind === 'Usage' ? 2 : 1;
    return { code, output, errors: error.message };
  }
}
