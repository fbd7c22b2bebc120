import { nearestWord } from '../common/nearest-word.js';
import { settingOf } from './settings-source.js';

/** Short names are near to too many others. */
const SHORTEST = 7;
const PREFIX = /^STAGEDOOR_/;

/** The setting that somebody may have meant by a variable of that name. */
export function meantSetting(variable: string, settings: readonly string[]): string | undefined {
  const name = settingOf(variable.toUpperCase().replaceAll('-', '_')).replace(PREFIX, '');
  if (settings.includes(name)) return name;
  return name.length < SHORTEST ? undefined : nearestWord(name, settings);
}
