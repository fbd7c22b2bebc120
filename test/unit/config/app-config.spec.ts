import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { SHORTCUTS } from '../../../src/config/shortcuts.js';
import { parseAppConfig, misspelledSettings } from '../../../src/config/app-config.js';
import { ConfigError } from '../../../src/config/config-error.js';

const KEY = randomBytes(32);

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stagedoor-config-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function problemsOf(environment: Record<string, string>): string[] {
  try {
    parseAppConfig(environment);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    const [title, ...problems] = (error as ConfigError).message.split('\n');
    expect(title).toBe('The settings cannot be used:');
    return problems;
  }
}

const UPLOAD_DEFAULTS = {
  idleTimeoutSeconds: 60,
  minBytesPerSecond: 256,
  rateWindowSeconds: 300,
  bufferBytes: 128 * 1024 * 1024,
  queueSeconds: 5,
  maxFileBytes: Number.MAX_SAFE_INTEGER,
  maxFiles: 1000,
  md5: true,
  recordHours: 24,
};

const NO_RATE = { atOnce: 0, perSecond: 0 };
const NO_RATES = { perUser: NO_RATE, perToken: NO_RATE };

describe('the settings', () => {
  it('have defaults', () => {
    expect(parseAppConfig({})).toEqual({
      host: '0.0.0.0',
      port: 8000,
      dataDir: resolve('data'),
      database: { kind: 'sqlite', path: resolve('data/stagedoor.db') },
      internalStorage: { url: `fs://${resolve('data')}/internal/`, options: new Map() },
      rootPassword: null,
      access: { allowedHosts: [], corsOrigins: [], trustedProxies: [] },
      fsStageRoots: [],
      connectionKeys: null,
      connectionKeyFile: null,
      upload: UPLOAD_DEFAULTS,
      rates: { requests: NO_RATES, uploads: { ...NO_RATES, perUser: { atOnce: 1000, perSecond: 0 } } },
      clients: { requestTimeoutSeconds: 60, readerIdleTimeoutSeconds: 300, maxConnections: 10_000 },
      storageTimeoutSeconds: 30,
      storageEndpoints: [],
      shutdownGraceSeconds: 20,
      leftoverSweepSeconds: 60,
      diskMinFreeMib: 16,
      metrics: { token: null, port: null },
      passwordMinLength: 8,
      sessionTtlSeconds: 3600,
      publicUrl: null,
      hasConsole: true,
      presignBy: 'service',
      presignStoreMaxSeconds: 3600,
      log: { level: 'info', format: process.stdout.isTTY ? 'pretty' : 'json', hasLevelNames: false },
      audit: { retentionDays: 90, isLogged: false },
    });
  });

  it('are taken as they are given', () => {
    const config = parseAppConfig({
      HOST: '127.0.0.1',
      PORT: '0',
      DATA_DIR: '/srv/stagedoor/',
      DATABASE_URL: 'sqlite:/var/db/stages.db',
      INTERNAL_STORAGE_URL: 's3://bucket/root/',
      INTERNAL_STORAGE_ENDPOINT_URL: 'http://minio:9000',
      INTERNAL_STORAGE_Access_Key_Id: 'AKID',
      ROOT_PASSWORD: ' a:b ',
      ALLOWED_HOSTS: 'Files.example, .internal.example,[::1],',
      CORS_ORIGINS: 'https://app.example, http://localhost:3000',
      TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8, 2001:db8::/32, loopback',
      FS_STAGE_ROOTS: '/srv/a/:/srv/b::',
      CONNECTION_KEY: KEY.toString('base64'),
      UPLOAD_IDLE_TIMEOUT_SECONDS: '86400',
      UPLOAD_MIN_BYTES_PER_SECOND: '0',
      UPLOAD_RATE_WINDOW_SECONDS: '60',
      UPLOAD_BUFFER_MIB: '256',
      UPLOAD_QUEUE_SECONDS: '0',
      UPLOAD_MD5: 'off',
      UPLOAD_RECORD_HOURS: '48',
      MAX_FILE_BYTES: '1000',
      MAX_FILES_PER_UPLOAD: '2',
      MAX_UPLOADS_PER_USER: '3',
      MAX_UPLOADS_PER_TOKEN: '4',
      MAX_UPLOADS_PER_SECOND_PER_USER: '5',
      MAX_UPLOADS_PER_SECOND_PER_TOKEN: '6',
      MAX_REQUESTS_PER_USER: '10',
      MAX_REQUESTS_PER_TOKEN: '11',
      MAX_REQUESTS_PER_SECOND_PER_USER: '12',
      MAX_REQUESTS_PER_SECOND_PER_TOKEN: '13',
      REQUEST_TIMEOUT_SECONDS: '7',
      DOWNLOAD_IDLE_TIMEOUT_SECONDS: '8',
      MAX_CONNECTIONS: '9',
      STORAGE_TIMEOUT_SECONDS: '600',
      STORAGE_ENDPOINTS: 'MinIO.example, .amazonaws.com,10.0.0.0/8, [::1],fd12::1',
      SHUTDOWN_GRACE_SECONDS: '0',
      LEFTOVER_SWEEP_SECONDS: '1',
      PASSWORD_MIN_LENGTH: '12',
      SESSION_TTL_SECONDS: '60',
      CONSOLE: 'off',
      PUBLIC_URL: 'https://files.example:8443/stages/',
      PRESIGN_BY: 'store',
      PRESIGN_STORE_MAX_SECONDS: '600',
      LOG_LEVEL: 'trace',
      LOG_FORMAT: 'pretty',
      LOG_LEVEL_NAMES: 'on',
      AUDIT_RETENTION_DAYS: '365',
      AUDIT_LOG: 'on',
      SOMETHING_ELSE: 'ignored',
    });
    expect(config).toEqual({
      host: '127.0.0.1',
      port: 0,
      dataDir: '/srv/stagedoor',
      database: { kind: 'sqlite', path: '/var/db/stages.db' },
      internalStorage: {
        url: 's3://bucket/root/',
        options: new Map([
          ['endpoint_url', 'http://minio:9000'],
          ['access_key_id', 'AKID'],
        ]),
      },
      rootPassword: ' a:b ',
      access: {
        allowedHosts: ['files.example', '.internal.example', '[::1]'],
        corsOrigins: ['https://app.example', 'http://localhost:3000'],
        trustedProxies: ['127.0.0.1', '10.0.0.0/8', '2001:db8::/32', 'loopback'],
      },
      fsStageRoots: ['/srv/a', '/srv/b'],
      connectionKeys: [KEY],
      connectionKeyFile: null,
      upload: {
        idleTimeoutSeconds: 86_400,
        minBytesPerSecond: 0,
        rateWindowSeconds: 60,
        bufferBytes: 256 * 1024 * 1024,
        queueSeconds: 0,
        maxFileBytes: 1000,
        maxFiles: 2,
        md5: false,
        recordHours: 48,
      },
      rates: {
        requests: { perUser: { atOnce: 10, perSecond: 12 }, perToken: { atOnce: 11, perSecond: 13 } },
        uploads: { perUser: { atOnce: 3, perSecond: 5 }, perToken: { atOnce: 4, perSecond: 6 } },
      },
      clients: { requestTimeoutSeconds: 7, readerIdleTimeoutSeconds: 8, maxConnections: 9 },
      storageTimeoutSeconds: 600,
      storageEndpoints: ['minio.example', '.amazonaws.com', '10.0.0.0/8', '[::1]', 'fd12::1'],
      shutdownGraceSeconds: 0,
      leftoverSweepSeconds: 1,
      diskMinFreeMib: 16,
      metrics: { token: null, port: null },
      passwordMinLength: 12,
      sessionTtlSeconds: 60,
      publicUrl: 'https://files.example:8443/stages',
      hasConsole: false,
      presignBy: 'store',
      presignStoreMaxSeconds: 600,
      log: { level: 'trace', format: 'pretty', hasLevelNames: true },
      audit: { retentionDays: 365, isLogged: true },
    });
  });

  it('put the database and the files into DATA_DIR', () => {
    expect(parseAppConfig({ DATA_DIR: '/srv/x' })).toMatchObject({
      database: { kind: 'sqlite', path: '/srv/x/stagedoor.db' },
      internalStorage: { url: 'fs:///srv/x/internal/' },
    });
  });

  it('cannot be changed', () => {
    expect(Object.isFrozen(parseAppConfig({}))).toBe(true);
  });

  it('that are empty count as absent, as Compose passes what is not set', () => {
    const names = ['HOST', 'PORT', 'DATA_DIR', 'DATABASE_URL', 'INTERNAL_STORAGE_URL', 'ROOT_PASSWORD'];
    const more = [
      'FS_STAGE_ROOTS',
      'CONNECTION_KEY',
      'LOG_LEVEL',
      'LOG_FORMAT',
      'INTERNAL_STORAGE_REGION',
      'PORT_FILE',
    ];
    const empty = Object.fromEntries([...names, ...more].map((name) => [name, '']));
    expect(parseAppConfig(empty)).toEqual(parseAppConfig({}));
  });
});

describe('the base of presigned URLs', () => {
  it.each([
    ['http://localhost:8000', 'http://localhost:8000'],
    ['HTTPS://Files.Example:443/', 'https://files.example'],
    ['http://[::1]:8000/a/b%20c/', 'http://[::1]:8000/a/b%20c'],
  ])('%s is %s', (text, publicUrl) => {
    expect(parseAppConfig({ PUBLIC_URL: text })).toMatchObject({ publicUrl });
  });
});

describe('a setting that is wrong', () => {
  it.each([
    ['PORT', 'abc', 'whole number'],
    ['PORT', '65536', 'from 0 to 65535'],
    ['PORT', '-1', 'whole number'],
    ['PORT', '80.5', 'whole number'],
    ['PORT', ' 80', 'whole number'],
    ['DATABASE_URL', 'mysql://localhost/x', "must be 'sqlite:'"],
    ['DATABASE_URL', 'sqlite:', "must be 'sqlite:'"],
    ['DATABASE_URL', 'postgres://localhost', 'names no database'],
    ['FS_STAGE_ROOTS', 'relative', 'absolute paths'],
    ['FS_STAGE_ROOTS', '/srv:relative', 'absolute paths'],
    ['CONNECTION_KEY', 'short', '32 bytes in base64'],
    ['CONNECTION_KEY', KEY.toString('hex'), '32 bytes in base64'],
    ['CONNECTION_KEY', `${KEY.toString('base64')},short`, '32 bytes in base64'],
    [
      'CONNECTION_KEY',
      `${KEY.toString('base64')},${KEY.toString('base64')}`,
      'several such keys that differ',
    ],
    ['CONNECTION_KEY', ' , ', '32 bytes in base64'],
    ['UPLOAD_IDLE_TIMEOUT_SECONDS', '0', 'from 1 to 86400'],
    ['UPLOAD_IDLE_TIMEOUT_SECONDS', '86401', 'from 1 to 86400'],
    ['PUBLIC_URL', 'files.example', 'http or https URL'],
    ['PUBLIC_URL', 'ftp://files.example', 'http or https URL'],
    ['PUBLIC_URL', 'https://', 'http or https URL'],
    ['PUBLIC_URL', 'https:///path', 'http or https URL'],
    ['PUBLIC_URL', 'https://a:b@files.example', 'without credentials'],
    ['PUBLIC_URL', 'https://files.example/?a=b', 'query'],
    ['PUBLIC_URL', 'https://files.example/#a', 'fragment'],
    ['PUBLIC_URL', 'https://files example', 'http or https URL'],
    ['PUBLIC_URL', 'https://files.example//a', 'http or https URL'],
    ['ROOT_PASSWORD_EMPTY', 'true', 'must be yes'],
    ['ALLOWED_HOSTS', 'files.example:8000', 'without ports'],
    ['ALLOWED_HOSTS', 'https://files.example', 'names of hosts'],
    ['CORS_ORIGINS', '*', 'origins as browsers send them'],
    ['CORS_ORIGINS', 'https://app.example/', 'origins as browsers send them'],
    ['CORS_ORIGINS', 'https://app.example:443', 'origins as browsers send them'],
    ['TRUSTED_PROXIES', 'proxy.example', 'addresses or networks'],
    ['TRUSTED_PROXIES', '10.0.0.0/33', 'addresses or networks'],
    ['TRUSTED_PROXIES', '10.0.0.0/', 'addresses or networks'],
    ['TRUSTED_PROXIES', 'true', 'addresses or networks'],
    ['TRUSTED_PROXIES', '0.0.0.0/0', 'addresses or networks'],
    ['TRUSTED_PROXIES', '::/0', 'addresses or networks'],
    ['STORAGE_ENDPOINTS', 'http://minio.example', 'names of hosts without ports'],
    ['STORAGE_ENDPOINTS', 'minio.example:9000', 'names of hosts without ports'],
    ['STORAGE_ENDPOINTS', '10.0.0.0/33', 'networks as in 10.0.0.0/8'],
    ['STORAGE_ENDPOINTS', 'fe80::1%eth0', 'networks as in 10.0.0.0/8'],
    ['STORAGE_ENDPOINTS', '0.0.0.0/0', 'networks as in 10.0.0.0/8'],
    ['PRESIGN_BY', 'me', 'must be one of service, store'],
    ['LOG_LEVEL', 'loud', 'must be one of fatal'],
    ['LOG_FORMAT', 'xml', 'must be one of json, pretty'],
  ])('%s = %j is named, and what it must be', (name, value, message) => {
    const [problem, ...others] = problemsOf({ [name]: value });
    expect(others).toEqual([]);
    expect(problem).toContain(`  - ${name} `);
    expect(problem).toContain(message);
  });

  it('is named together with every other one', () => {
    const bad = {
      PORT: 'x',
      DATABASE_URL: 'x',
      FS_STAGE_ROOTS: 'x',
      CONNECTION_KEY: 'x',
      LOG_LEVEL: 'x',
      LOG_FORMAT: 'x',
    };
    const more = { ROOT_PASSWORD: 'x', ROOT_PASSWORD_FILE: '/x', HOST_FILE: '/no/such/file' };
    const named = problemsOf({ ...bad, ...more }).map((line) => /- (\w+?)(_FILE)? /.exec(line)?.[1]);
    expect(named.sort()).toEqual([...Object.keys(bad), 'ROOT_PASSWORD', 'HOST'].sort());
  });

  it('is an empty password beside one', () => {
    expect(problemsOf({ ROOT_PASSWORD: 'a', ROOT_PASSWORD_EMPTY: 'yes' })).toEqual([
      '  - ROOT_PASSWORD and ROOT_PASSWORD_EMPTY are both set: keep one of them',
    ]);
  });

  it('is a port of the metrics that is that of the service', () => {
    expect(problemsOf({ METRICS_PORT: '8000' })).toEqual(['  - METRICS_PORT must differ from PORT']);
    expect(problemsOf({ METRICS_PORT: '0', PORT: '0' })).toEqual([]);
  });

  it('is not repeated where it may be a secret', () => {
    expect(
      problemsOf({ CONNECTION_KEY: 'hush', ROOT_PASSWORD: 'hush', ROOT_PASSWORD_FILE: '/x' }).join(),
    ).not.toContain('hush');
  });
});

describe('the internal storage', () => {
  it('is judged by who knows storage, together with all other settings', () => {
    const asked: unknown[] = [];
    const check = (url: string, options: ReadonlyMap<string, string>): string => {
      asked.push(url, Object.fromEntries(options));
      return 'No such store.';
    };
    const environment = { PORT: 'x', INTERNAL_STORAGE_URL: 's3://bucket/', INTERNAL_STORAGE_REGION: 'eu' };
    const parse = (): unknown => parseAppConfig(environment, check);
    expect(parse).toThrow('INTERNAL_STORAGE_URL or an INTERNAL_STORAGE_<OPTION>: No such store.');
    expect(parse).toThrow('PORT must be a whole number');
    expect(asked.slice(0, 2)).toEqual(['s3://bucket/', { region: 'eu' }]);
  });

  it('is judged on disk too where no URL is given: it has no options', () => {
    const check = (url: string, options: ReadonlyMap<string, string>): string | undefined =>
      url.startsWith('fs:///') && options.size > 0 ? 'None for fs.' : undefined;
    expect(() => parseAppConfig({ INTERNAL_STORAGE_REGION: 'eu' }, check)).toThrow('None for fs.');
    expect(parseAppConfig({}, check).port).toBe(8000);
  });
});

describe('a setting in a file', () => {
  it.each([
    ['as it is', 'secret', 'secret'],
    ['without the line break at its end', 'secret\n', 'secret'],
    ['without that of Windows', 'secret\r\n', 'secret'],
    ['with everything else', ' se\ncret \n\n', ' se\ncret \n'],
  ])('is read %s', (_what, content, password) => {
    expect(parseAppConfig({ ROOT_PASSWORD_FILE: file('password', content) }).rootPassword).toBe(password);
  });

  it('may be an option of the internal storage', () => {
    const path = file('key', 'hush\n');
    const { options } = parseAppConfig({ INTERNAL_STORAGE_SECRET_ACCESS_KEY_FILE: path }).internalStorage;
    expect(options).toEqual(new Map([['secret_access_key', 'hush']]));
  });

  it('may hold several keys, each in a line of its own', () => {
    const keys = [KEY, Buffer.alloc(32, 3)];
    const path = file('keys', keys.map((key) => `${key.toString('base64')}\n`).join(''));
    const config = parseAppConfig({ CONNECTION_KEY_FILE: path });
    expect(config).toMatchObject({ connectionKeys: keys, connectionKeyFile: path });
  });

  it('is judged as one in the environment', () => {
    expect(problemsOf({ PORT_FILE: file('port', 'abc') })).toEqual(['  - PORT must be a whole number']);
  });

  it('may not stand beside one in the environment', () => {
    const path = file('password', 'secret');
    expect(problemsOf({ ROOT_PASSWORD: 'a', ROOT_PASSWORD_FILE: path })).toEqual([
      '  - ROOT_PASSWORD and ROOT_PASSWORD_FILE are both set: keep one of them',
    ]);
    expect(parseAppConfig({ ROOT_PASSWORD: '', ROOT_PASSWORD_FILE: path }).rootPassword).toBe('secret');
  });

  it('that cannot be read is named', () => {
    expect(problemsOf({ ROOT_PASSWORD_FILE: join(folder, 'missing') }).join()).toContain(
      'ROOT_PASSWORD_FILE cannot be read',
    );
    expect(problemsOf({ ROOT_PASSWORD_FILE: folder }).join()).toContain('ROOT_PASSWORD_FILE cannot be read');
  });
});

describe('a variable that looks like a setting', () => {
  it.each([
    ['ROOT_PASWORD', 'ROOT_PASSWORD'],
    ['ROOT_PASSWORD_FLE', undefined],
    ['ROOT_PASWORD_FILE', 'ROOT_PASSWORD'],
    ['root_password', 'ROOT_PASSWORD'],
    ['STAGEDOOR_PORT', 'PORT'],
    ['DATADIR', 'DATA_DIR'],
    ['PUBLIC-URL', 'PUBLIC_URL'],
    ['HOME', undefined],
    ['HOSTNAME', undefined],
    ['LOGNAME', undefined],
    ['NODE_OPTIONS', undefined],
    ['ROOT_PASSWORD', undefined],
    ['ROOT_PASSWORD_FILE', undefined],
    ['INTERNAL_STORAGE_REGION', undefined],
  ])('%s: %s', (name, setting) => {
    expect(misspelledSettings({ [name]: 'x' })).toEqual(setting === undefined ? [] : [{ name, setting }]);
  });
});

describe('the variable for measurements', () => {
  it('is no setting, and like none', () => {
    expect(problemsOf({ STAGEDOOR_SHORTCUTS_OFF: SHORTCUTS.join() })).toEqual([]);
    expect(misspelledSettings({ STAGEDOOR_SHORTCUTS_OFF: 'x' })).toEqual([]);
  });

  it('names nothing that is not there', () => {
    const [problem, ...others] = problemsOf({ STAGEDOOR_SHORTCUTS_OFF: 'quick-thing' });
    expect(problem).toContain('STAGEDOOR_SHORTCUTS_OFF names "quick-thing", which is none of ');
    expect(others).toEqual([]);
  });
});
