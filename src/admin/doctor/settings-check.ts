import { misspelledSettings, type AppConfig } from '../../config/app-config.js';
import { ConfigError } from '../../config/config-error.js';
import { databaseName } from '../../config/database-config.js';
import { givenSettings } from '../../config/given-settings.js';
import { assertRootsSeparate } from '../../config/stage-roots.js';
import { error, ok, warning, type Finding } from './finding.js';

export interface SettingsCheck {
  /** Null if the settings cannot be used. */
  readonly config: AppConfig | null;
  readonly findings: readonly Finding[];
}

/** Shows the settings as the server understands them, and names each that it refuses. */
export function checkSettings(readConfig: () => AppConfig): SettingsCheck {
  const findings = [...givenFindings(), ...misspelledFindings()];
  try {
    const config = readConfig();
    assertRootsSeparate(config);
    return { config, findings: [...findings, ...placesOf(config)] };
  } catch (problem) {
    if (!(problem instanceof ConfigError)) throw problem;
    const refused = problem.problems.map((text) =>
      error('settings', `${text}.`, 'Correct it: docs/reference/settings.md.'),
    );
    return { config: null, findings: [...findings, ...refused] };
  }
}

function givenFindings(): readonly Finding[] {
  const given = givenSettings();
  if (given.length === 0) return [ok('settings', 'Every setting has its default.')];
  return given.map(({ name, value, file }) =>
    ok('settings', `${name} is ${value}${file === undefined ? '' : ` (of the file ${file})`}.`),
  );
}

function misspelledFindings(): readonly Finding[] {
  return misspelledSettings().map(({ name, setting }) =>
    warning(
      'settings',
      `The variable ${name} is not a setting, and has no effect.`,
      `Write ${setting}, or remove it.`,
    ),
  );
}

function placesOf({ dataDir, database, internalStorage }: AppConfig): readonly Finding[] {
  return [
    ok('settings', `The data folder is ${dataDir}.`),
    ok('settings', `The database is ${databaseName(database)}.`),
    ok('settings', `The internal storage is ${internalStorage.url}.`),
  ];
}
