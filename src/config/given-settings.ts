import { isSetting } from './app-config.js';
import { readSettings, type Environment } from './settings-source.js';

/** A setting that the environment has, as it may be shown. */
export interface GivenSetting {
  readonly name: string;
  /** `***` for a secret. */
  readonly value: string;
  /** Path of the file that holds the value; undefined if the variable itself does. */
  readonly file: string | undefined;
}

const SECRET = /PASSWORD|KEY|SECRET|TOKEN|CREDENTIAL/;
/** Names that only look like those of secrets. */
const HARMLESS = new Set(['PASSWORD_MIN_LENGTH', 'ROOT_PASSWORD_EMPTY']);
/** Options of a store's connection that are no secrets. All others are masked: a provider may take new ones. */
const OPEN_OPTIONS = /^INTERNAL_STORAGE_(URL|ENDPOINT_URL|REGION|ALLOW_\w+|ENABLE_\w+)$/;
/** Credentials in a URL: before its host, and as a parameter. */
const USER_INFO = /\/\/[^/@]*@/g;
const PARAMETER = /\b(password|passphrase|sslkey)=[^&]*/gi;

/** Lists the settings that are given, by name. The others have their defaults. */
export function givenSettings(environment: Environment = process.env): readonly GivenSetting[] {
  const { settings, files } = readSettings(environment, isSetting);
  return Object.entries(settings)
    .map(([name, value]) => ({ name, value: shown(name, value), file: files[name] }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

function shown(name: string, value: string): string {
  if (isSecret(name)) return '***';
  return value.replaceAll(USER_INFO, '//***@').replaceAll(PARAMETER, '$1=***');
}

function isSecret(name: string): boolean {
  if (name.startsWith('INTERNAL_STORAGE_')) return !OPEN_OPTIONS.test(name);
  return SECRET.test(name) && !HARMLESS.has(name);
}
