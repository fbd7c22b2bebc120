import { join, resolve } from 'node:path';
import { z } from 'zod';
import { isHostPattern, isNetwork, isOrigin, isProxyAddress } from './access-values.js';
import { ConfigError } from './config-error.js';
import { databaseConfig, databaseUrlProblem, DURABILITIES, type DatabaseConfig } from './database-config.js';
import { KEY_LIST_RULE, parseKeys, type KeyList } from './key-list.js';
import { nearestSetting } from './nearest-setting.js';
import { readSettings, settingOf, type Environment } from './settings-source.js';
import { SHORTCUTS, SHORTCUTS_OFF, unknownShortcuts } from './shortcuts.js';

export interface AppConfig {
  readonly host: string;
  readonly port: number;
  /** Absolute. */
  readonly dataDir: string;
  readonly database: DatabaseConfig;
  readonly internalStorage: {
    readonly url: string;
    /** Lower-case names, as in a CONNECTION clause. */
    readonly options: ReadonlyMap<string, string>;
  };
  /** Empty: `root` needs no password from this machine. Null: the stored password stays. */
  readonly rootPassword: string | null;
  readonly access: AccessConfig;
  /** The least characters of a new password. Not of the one in the settings. */
  readonly passwordMinLength: number;
  /** Absolute directories that may hold external `fs://` stages. */
  readonly fsStageRoots: readonly string[];
  /** The first key encrypts and signs, all decrypt and verify. Null: a key file in `dataDir` is used. */
  readonly connectionKeys: KeyList | null;
  /** Absolute path of the file that `connectionKeys` was read from; null if it was not a file. */
  readonly connectionKeyFile: string | null;
  /** Session token lifetime. Refresh tokens live four times as long. */
  readonly sessionTtlSeconds: number;
  readonly upload: UploadConfig;
  /** Per user, and per API token. */
  readonly rates: RatesConfig;
  /** Time that a request waits for a store's answer. */
  readonly storageTimeoutSeconds: number;
  /** Hosts, `.example.com` for all below one, addresses and networks that stores may be at. Empty: any. */
  readonly storageEndpoints: readonly string[];
  readonly clients: ClientLimits;
  /** Time that running requests get to end after SIGTERM. */
  readonly shutdownGraceSeconds: number;
  /** Interval between searches for orphans of uploads. */
  readonly leftoverSweepSeconds: number;
  /** Base of presigned URLs, without a slash at its end. Null: derived from each request. */
  readonly publicUrl: string | null;
  /** Is the page for people served? */
  readonly hasConsole: boolean;
  /** Signs the URLs of files: this service, or the store if it can sign its own. */
  readonly presignBy: PresignBy;
  /** The longest life of a URL that the store signs. It ends with nothing else: the store does not ask this service. */
  readonly presignStoreMaxSeconds: number;
  readonly metrics: MetricsConfig;
  /** Less free space on a disk of the data makes the server not ready. */
  readonly diskMinFreeMib: number;
  readonly log: LogConfig;
  readonly audit: AuditConfig;
}

export interface AuditConfig {
  /** Older events are removed. */
  readonly retentionDays: number;
  /** Is each event a line of the log, too? */
  readonly isLogged: boolean;
}

export interface LogConfig {
  readonly level: LogLevel;
  readonly format: LogFormat;
  /** Are levels in JSON written as names, instead of numbers? */
  readonly hasLevelNames: boolean;
}

/** Readers of the metrics that are no users. */
export interface MetricsConfig {
  /** Null: no token opens them. */
  readonly token: string | null;
  /** A port of their own. Null: there is none. */
  readonly port: number | null;
}

/** Which hosts, origins and proxies requests may come from. */
export interface AccessConfig {
  /** Names allowed in a request's Host header, in lower case; `.example.com` allows all below it. Empty: any. */
  readonly allowedHosts: readonly string[];
  /** Origins whose pages may use the API. */
  readonly corsOrigins: readonly string[];
  /** Addresses and networks of proxies whose forwarding headers are trusted. */
  readonly trustedProxies: readonly string[];
}

/** Limits of connections, the same for all clients. */
export interface ClientLimits {
  /** Time to receive the headers, and time to receive a JSON body. */
  readonly requestTimeoutSeconds: number;
  /** A client that reads nothing of its answer for this long is disconnected. */
  readonly readerIdleTimeoutSeconds: number;
  /** Open at the same time. */
  readonly maxConnections: number;
}

export interface UploadConfig {
  /** An upload that sends no byte for this long is aborted. */
  readonly idleTimeoutSeconds: number;
  /** An upload that is slower over the whole of `rateWindowSeconds` is aborted. Zero: no limit. */
  readonly minBytesPerSecond: number;
  readonly rateWindowSeconds: number;
  /** Bytes of all uploads together that may be in memory. */
  readonly bufferBytes: number;
  /** Time that a new upload waits for memory. */
  readonly queueSeconds: number;
  readonly maxFileBytes: number;
  /** In one form. */
  readonly maxFiles: number;
  /** Is the md5 of every file computed? */
  readonly md5: boolean;
  /** Time that the outcome of an upload is kept. */
  readonly recordHours: number;
}

/** Zero for no limit. Each server counts for itself. */
export interface RateConfig {
  /** At the same time. */
  readonly atOnce: number;
  readonly perSecond: number;
}

export interface RatesConfig {
  readonly requests: { readonly perUser: RateConfig; readonly perToken: RateConfig };
  readonly uploads: { readonly perUser: RateConfig; readonly perToken: RateConfig };
}

export type PresignBy = (typeof PRESIGN_BY)[number];
export type LogLevel = (typeof LOG_LEVELS)[number];
export type LogFormat = (typeof LOG_FORMATS)[number];

/** The injection token of `AppConfig`. */
export const APP_CONFIG = Symbol('APP_CONFIG');

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const LOG_FORMATS = ['json', 'pretty'] as const;
const PRESIGN_BY = ['service', 'store'] as const;
const INTERNAL_STORAGE_OPTION = 'INTERNAL_STORAGE_';

const wholeNumber = (min: number, max: number): z.ZodType<number, string> =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be from ${String(min)} to ${String(max)}`);

/** Values separated by commas. */
const list = (isValid: (value: string) => boolean, rule: string): z.ZodType<string[], string | undefined> =>
  z
    .string()
    .default('')
    .transform((text) => text.split(',').map((value) => value.trim().toLowerCase()))
    .transform((values) => values.filter((value) => value !== ''))
    .refine((values) => values.every(isValid), `${rule}, separated by commas`);

const SWITCH = z.enum(['on', 'off'], 'must be on or off');

const SETTINGS = z.object({
  HOST: z.string().min(1, 'must not be empty').default('0.0.0.0'),
  PORT: wholeNumber(0, 65_535).default(8000),
  DATA_DIR: z.string().min(1, 'must not be empty').default('./data'),
  DATABASE_URL: z
    .string()
    .superRefine((url, context) => {
      const message = databaseUrlProblem(url);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    })
    .optional(),
  DATABASE_POOL_SIZE: wholeNumber(4, 1000).default(10),
  DATABASE_TIMEOUT_SECONDS: wholeNumber(1, 600).default(10),
  DATABASE_DURABILITY: z.enum(DURABILITIES, `must be one of ${DURABILITIES.join(', ')}`).default('full'),
  INTERNAL_STORAGE_URL: z.string().optional(),
  ROOT_PASSWORD: z.string().optional(),
  ROOT_PASSWORD_EMPTY: z.enum(['yes'], 'must be yes, or absent').optional(),
  ALLOWED_HOSTS: list(
    isHostPattern,
    'must hold names of hosts without ports, or .example.com for all below it',
  ),
  CORS_ORIGINS: list(isOrigin, 'must hold origins as browsers send them, as in https://app.example.com'),
  TRUSTED_PROXIES: list(isProxyAddress, 'must hold addresses or networks, as in 10.0.0.0/8, or loopback'),
  FS_STAGE_ROOTS: z
    .string()
    .default('')
    .transform((text) => text.split(':').filter((root) => root !== ''))
    .refine(
      (roots) => roots.every((root) => root.startsWith('/')),
      'must hold absolute paths, separated by colons',
    ),
  CONNECTION_KEY: z
    .string()
    .transform(parseKeys)
    .refine((keys) => keys !== undefined, KEY_LIST_RULE)
    .optional(),
  UPLOAD_IDLE_TIMEOUT_SECONDS: wholeNumber(1, 86_400).default(60),
  UPLOAD_MIN_BYTES_PER_SECOND: wholeNumber(0, 1_000_000_000).default(256),
  UPLOAD_RATE_WINDOW_SECONDS: wholeNumber(1, 86_400).default(300),
  UPLOAD_BUFFER_MIB: wholeNumber(16, 1_048_576).default(128),
  UPLOAD_QUEUE_SECONDS: wholeNumber(0, 600).default(5),
  UPLOAD_MD5: SWITCH.default('on'),
  UPLOAD_RECORD_HOURS: wholeNumber(1, 87_600).default(24),
  MAX_FILE_BYTES: wholeNumber(1, Number.MAX_SAFE_INTEGER).default(Number.MAX_SAFE_INTEGER),
  MAX_FILES_PER_UPLOAD: wholeNumber(1, 100_000).default(1000),
  MAX_UPLOADS_PER_USER: wholeNumber(1, 1_000_000).default(1000),
  MAX_UPLOADS_PER_TOKEN: wholeNumber(0, 1_000_000).default(0),
  MAX_UPLOADS_PER_SECOND_PER_USER: wholeNumber(0, 1_000_000).default(0),
  MAX_UPLOADS_PER_SECOND_PER_TOKEN: wholeNumber(0, 1_000_000).default(0),
  MAX_REQUESTS_PER_USER: wholeNumber(0, 1_000_000).default(0),
  MAX_REQUESTS_PER_TOKEN: wholeNumber(0, 1_000_000).default(0),
  MAX_REQUESTS_PER_SECOND_PER_USER: wholeNumber(0, 1_000_000).default(0),
  MAX_REQUESTS_PER_SECOND_PER_TOKEN: wholeNumber(0, 1_000_000).default(0),
  REQUEST_TIMEOUT_SECONDS: wholeNumber(1, 86_400).default(60),
  DOWNLOAD_IDLE_TIMEOUT_SECONDS: wholeNumber(1, 86_400).default(300),
  MAX_CONNECTIONS: wholeNumber(1, 1_000_000).default(10_000),
  STORAGE_TIMEOUT_SECONDS: wholeNumber(1, 600).default(30),
  STORAGE_ENDPOINTS: list(
    (value) => isHostPattern(value) || isNetwork(value),
    'must hold names of hosts without ports, .example.com for all below it, addresses, or networks as in 10.0.0.0/8',
  ),
  SHUTDOWN_GRACE_SECONDS: wholeNumber(0, 3600).default(20),
  LEFTOVER_SWEEP_SECONDS: wholeNumber(1, 86_400).default(60),
  PASSWORD_MIN_LENGTH: wholeNumber(1, 256).default(8),
  SESSION_TTL_SECONDS: wholeNumber(1, 2_592_000).default(3600),
  PUBLIC_URL: z
    .string()
    .refine(isBaseUrl, 'must be an http or https URL without credentials, query and fragment')
    .transform((text) => new URL(text).href.replace(/\/+$/, ''))
    .optional(),
  METRICS_TOKEN: z
    .string()
    .regex(/^[\w.~+/=-]{16,256}$/, 'must have 16 to 256 letters, digits or any of -._~+/=, without spaces')
    .optional(),
  METRICS_PORT: wholeNumber(0, 65_535).optional(),
  DISK_MIN_FREE_MIB: wholeNumber(0, 100_000).default(16),
  CONSOLE: SWITCH.default('on'),
  PRESIGN_BY: z.enum(PRESIGN_BY, `must be one of ${PRESIGN_BY.join(', ')}`).default('service'),
  PRESIGN_STORE_MAX_SECONDS: wholeNumber(1, 604_800).default(3600),
  LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('info'),
  LOG_FORMAT: z.enum(LOG_FORMATS, `must be one of ${LOG_FORMATS.join(', ')}`).optional(),
  LOG_LEVEL_NAMES: SWITCH.default('off'),
  AUDIT_RETENTION_DAYS: wholeNumber(1, 36_500).default(90),
  AUDIT_LOG: SWITCH.default('off'),
});

const NAMES = Object.keys(SETTINGS.shape);

/** Checks a storage URL and its options. Returns the problem, or undefined if they are valid. */
export type StorageCheck = (url: string, options: ReadonlyMap<string, string>) => string | undefined;

/**
 * Reads the settings. No other code reads the environment.
 *
 * @throws ConfigError that names every invalid setting.
 */
export function parseAppConfig(
  environment: Environment = process.env,
  checkStorage: StorageCheck = () => undefined,
): AppConfig {
  const { settings, problems, files } = readSettings(environment, isSetting);
  problems.push(...shortcutProblems(environment));
  const options = internalStorageOptions(settings);
  const url = settings['INTERNAL_STORAGE_URL'] ?? 'fs:///internal/';
  const problem = checkStorage(url, options);
  if (problem !== undefined)
    problems.push(`INTERNAL_STORAGE_URL or an INTERNAL_STORAGE_<OPTION>: ${problem}`);
  if ('ROOT_PASSWORD' in settings && 'ROOT_PASSWORD_EMPTY' in settings) {
    problems.push('ROOT_PASSWORD and ROOT_PASSWORD_EMPTY are both set: keep one of them');
  }
  const parsed = SETTINGS.safeParse(settings);
  problems.push(
    ...(parsed.success
      ? portProblems(parsed.data)
      : parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`)),
  );
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return toConfig(parsed.data, options, files['CONNECTION_KEY']);
}

function portProblems({
  PORT: port,
  METRICS_PORT: metricsPort,
}: z.output<typeof SETTINGS>): readonly string[] {
  return port !== 0 && port === metricsPort ? ['METRICS_PORT must differ from PORT'] : [];
}

function shortcutProblems(environment: Environment): readonly string[] {
  return unknownShortcuts(environment).map(
    (name) => `${SHORTCUTS_OFF} names ${JSON.stringify(name)}, which is none of ${SHORTCUTS.join(', ')}`,
  );
}

/** Finds variables that look like a misspelled setting. They have no effect, so the operator must hear of them. */
export function misspelledSettings(
  environment: Environment = process.env,
): readonly { readonly name: string; readonly setting: string }[] {
  return Object.keys(environment).flatMap((name) => {
    const setting = isSetting(settingOf(name)) ? undefined : nearestSetting(name, NAMES);
    return setting === undefined ? [] : [{ name, setting }];
  });
}

function isBaseUrl(text: string): boolean {
  if (!/^https?:\/\/[^/@\\]/i.test(text) || /[\s?#@\\]/.test(text) || !URL.canParse(text)) return false;
  return !new URL(text).pathname.includes('//');
}

/** Does the server read this variable? */
export function isSetting(name: string): boolean {
  return (
    NAMES.includes(name) || (name.startsWith(INTERNAL_STORAGE_OPTION) && name !== 'INTERNAL_STORAGE_URL')
  );
}

function internalStorageOptions(settings: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const options = Object.entries(settings).filter(([name]) => !NAMES.includes(name));
  return new Map(
    options.map(([name, value]) => [name.slice(INTERNAL_STORAGE_OPTION.length).toLowerCase(), value]),
  );
}

function toConfig(
  settings: z.output<typeof SETTINGS>,
  storageOptions: ReadonlyMap<string, string>,
  keyFile: string | undefined,
): AppConfig {
  const dataDir = resolve(settings.DATA_DIR);
  return Object.freeze({
    host: settings.HOST,
    port: settings.PORT,
    dataDir,
    database: databaseOf(settings, dataDir),
    internalStorage: {
      url: settings.INTERNAL_STORAGE_URL ?? `fs://${join(dataDir, 'internal')}/`,
      options: storageOptions,
    },
    rootPassword: settings.ROOT_PASSWORD ?? (settings.ROOT_PASSWORD_EMPTY === 'yes' ? '' : null),
    access: accessConfig(settings),
    fsStageRoots: settings.FS_STAGE_ROOTS.map((root) => resolve(root)),
    connectionKeys: settings.CONNECTION_KEY ?? null,
    connectionKeyFile: keyFile === undefined ? null : resolve(keyFile),
    passwordMinLength: settings.PASSWORD_MIN_LENGTH,
    sessionTtlSeconds: settings.SESSION_TTL_SECONDS,
    upload: uploadConfig(settings),
    rates: ratesConfig(settings),
    storageTimeoutSeconds: settings.STORAGE_TIMEOUT_SECONDS,
    storageEndpoints: settings.STORAGE_ENDPOINTS,
    clients: clientLimits(settings),
    shutdownGraceSeconds: settings.SHUTDOWN_GRACE_SECONDS,
    leftoverSweepSeconds: settings.LEFTOVER_SWEEP_SECONDS,
    diskMinFreeMib: settings.DISK_MIN_FREE_MIB,
    metrics: { token: settings.METRICS_TOKEN ?? null, port: settings.METRICS_PORT ?? null },
    publicUrl: settings.PUBLIC_URL ?? null,
    hasConsole: settings.CONSOLE === 'on',
    presignBy: settings.PRESIGN_BY,
    presignStoreMaxSeconds: settings.PRESIGN_STORE_MAX_SECONDS,
    log: logConfig(settings),
    audit: { retentionDays: settings.AUDIT_RETENTION_DAYS, isLogged: settings.AUDIT_LOG === 'on' },
  });
}

function accessConfig(settings: z.output<typeof SETTINGS>): AccessConfig {
  return {
    allowedHosts: settings.ALLOWED_HOSTS,
    corsOrigins: settings.CORS_ORIGINS,
    trustedProxies: settings.TRUSTED_PROXIES,
  };
}

function databaseOf(settings: z.output<typeof SETTINGS>, dataDir: string): DatabaseConfig {
  return databaseConfig(settings.DATABASE_URL, dataDir, {
    poolSize: settings.DATABASE_POOL_SIZE,
    timeoutSeconds: settings.DATABASE_TIMEOUT_SECONDS,
    durability: settings.DATABASE_DURABILITY,
  });
}

function logConfig(settings: z.output<typeof SETTINGS>): LogConfig {
  return {
    level: settings.LOG_LEVEL,
    format: settings.LOG_FORMAT ?? (process.stdout.isTTY ? 'pretty' : 'json'),
    hasLevelNames: settings.LOG_LEVEL_NAMES === 'on',
  };
}

function clientLimits(settings: z.output<typeof SETTINGS>): ClientLimits {
  return {
    requestTimeoutSeconds: settings.REQUEST_TIMEOUT_SECONDS,
    readerIdleTimeoutSeconds: settings.DOWNLOAD_IDLE_TIMEOUT_SECONDS,
    maxConnections: settings.MAX_CONNECTIONS,
  };
}

function ratesConfig(settings: z.output<typeof SETTINGS>): RatesConfig {
  return {
    requests: {
      perUser: {
        atOnce: settings.MAX_REQUESTS_PER_USER,
        perSecond: settings.MAX_REQUESTS_PER_SECOND_PER_USER,
      },
      perToken: {
        atOnce: settings.MAX_REQUESTS_PER_TOKEN,
        perSecond: settings.MAX_REQUESTS_PER_SECOND_PER_TOKEN,
      },
    },
    uploads: {
      perUser: {
        atOnce: settings.MAX_UPLOADS_PER_USER,
        perSecond: settings.MAX_UPLOADS_PER_SECOND_PER_USER,
      },
      perToken: {
        atOnce: settings.MAX_UPLOADS_PER_TOKEN,
        perSecond: settings.MAX_UPLOADS_PER_SECOND_PER_TOKEN,
      },
    },
  };
}

function uploadConfig(settings: z.output<typeof SETTINGS>): UploadConfig {
  return Object.freeze({
    idleTimeoutSeconds: settings.UPLOAD_IDLE_TIMEOUT_SECONDS,
    minBytesPerSecond: settings.UPLOAD_MIN_BYTES_PER_SECOND,
    rateWindowSeconds: settings.UPLOAD_RATE_WINDOW_SECONDS,
    bufferBytes: settings.UPLOAD_BUFFER_MIB * 1024 * 1024,
    queueSeconds: settings.UPLOAD_QUEUE_SECONDS,
    maxFileBytes: settings.MAX_FILE_BYTES,
    maxFiles: settings.MAX_FILES_PER_UPLOAD,
    md5: settings.UPLOAD_MD5 === 'on',
    recordHours: settings.UPLOAD_RECORD_HOURS,
  });
}
