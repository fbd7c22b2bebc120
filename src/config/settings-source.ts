import { readFileSync } from 'node:fs';
import { messageOf } from '../common/message-of.js';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Settings {
  readonly settings: Readonly<Record<string, string>>;
  readonly problems: string[];
  /** By setting: the path of the file that it was read from. */
  readonly files: Readonly<Record<string, string>>;
}

const FILE_SUFFIX = '_FILE';

/**
 * Reads settings from the environment: `NAME=value`, or `NAME_FILE=path` of a file that holds the value. Ignores empty
 * values: docker compose passes them for variables that are not set.
 */
export function readSettings(environment: Environment, isSetting: (name: string) => boolean): Settings {
  const settings: Record<string, string> = {};
  const problems: string[] = [];
  const files: Record<string, string> = {};
  for (const [variable, value] of Object.entries(environment)) {
    if (value === undefined || value === '') continue;
    const name = settingOf(variable);
    if (!isSetting(name)) continue;
    if (name === variable) settings[name] = value;
    else if (environment[name]) problems.push(`${name} and ${variable} are both set: keep one of them`);
    else {
      files[name] = value;
      readInto(settings, problems, { name, path: value });
    }
  }
  return { settings, problems, files };
}

/** @returns the setting that a variable sets, by its value or by a file. */
export function settingOf(variable: string): string {
  return variable.endsWith(FILE_SUFFIX) ? variable.slice(0, -FILE_SUFFIX.length) : variable;
}

function readInto(
  settings: Record<string, string>,
  problems: string[],
  { name, path }: { readonly name: string; readonly path: string },
): void {
  try {
    settings[name] = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    problems.push(`${name}${FILE_SUFFIX} cannot be read: ${messageOf(error)}`);
  }
}
