import { nearestWord } from '../common/nearest-word.js';
import { settingOf } from './settings-source.js';

/** Shorter names resemble too many settings. */
const MIN_NAME_LENGTH = 7;
const PREFIX = /^STAGEDOOR_/;

/** @returns the setting that the variable's name resembles; undefined if it resembles none. */
export function nearestSetting(variable: string, settings: readonly string[]): string | undefined {
  const name = settingOf(variable.toUpperCase().replaceAll('-', '_')).replace(PREFIX, '');
  if (settings.includes(name)) return name;
  return name.length < MIN_NAME_LENGTH ? undefined : nearestWord(name, settings);
}
