import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseAppConfig } from '../../../src/config/app-config.js';
import { ConfigError } from '../../../src/config/config-error.js';
import { databaseName, type DatabaseConfig } from '../../../src/config/database-config.js';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stagedoor-config-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const configOf = (DATABASE_URL: string, more: Record<string, string> = {}): DatabaseConfig =>
  parseAppConfig({ DATABASE_URL, ...more }).database;

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function problemOf(environment: Record<string, string>): string {
  try {
    parseAppConfig(environment);
    return 'none';
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message; // as just expected
  }
}

describe('the URL of a database', () => {
  it.each([
    [
      'postgres://ann:hush@db.example:6432/stages',
      { host: 'db.example', port: 6432, user: 'ann', password: 'hush', database: 'stages' },
    ],
    ['postgresql://ann@db.example/stages', { host: 'db.example', user: 'ann', database: 'stages' }],
    ['postgres://ann:p%40%2Fs%3A@h/s%20t', { user: 'ann', password: 'p@/s:', database: 's t' }],
    ['postgres:///stages?host=/run/postgresql', { host: '/run/postgresql', database: 'stages' }],
    ['postgres://ann@[::1]:5433/stages', { host: '::1', port: 5433, database: 'stages' }],
  ])('%s is what the client gets', (url, client) => {
    expect(configOf(url)).toMatchObject({ kind: 'postgres', client });
  });

  it.each([
    ['without it', '', undefined],
    ['disable', '?sslmode=disable', false],
    ['require: encrypted, by whomever', '?sslmode=require', { rejectUnauthorized: false }],
    ['verify-full: by the host of that name', '?sslmode=verify-full', {}],
  ])('has TLS as sslmode says, %s', (_mode, query, ssl) => {
    const config = configOf(`postgres://ann:hush@h/stages${query}`);
    expect(config.kind === 'postgres' && config.client.ssl).toEqual(ssl);
  });

  it('names the files of TLS, which are read at once', () => {
    const [ca, cert, key] = ['ca', 'cert', 'key'].map((name) => file(name, `content of ${name}`));
    const query = `sslmode=verify-ca&sslrootcert=${String(ca)}&sslcert=${String(cert)}&sslkey=${String(key)}`;
    expect(configOf(`postgres://ann@h/stages?${query}`)).toMatchObject({
      client: { ssl: { ca: 'content of ca', cert: 'content of cert', key: 'content of key' } },
    });
  });

  it('may be in a file, as a secret is', () => {
    const path = file('url', 'postgres://ann:hush@db.example/stages\n');
    expect(parseAppConfig({ DATABASE_URL_FILE: path }).database).toMatchObject({
      kind: 'postgres',
      client: { password: 'hush', database: 'stages' },
    });
  });

  it.each([
    'postgres://ann:hush@h',
    'postgres://ann:hush@h/',
    'postgres://ann:hush@h:99999/stages',
    'postgres://ann:hush@h:port/stages',
    'postgres://ann:hush@h/stages?sslrootcert=/no/such/file',
    'postgres://ann:hush@h/stages?sslmode=verify-ca',
    'postgres:ann:hush@h/stages',
    'POSTGRES//ann:hush@h/stages',
    'mysql://ann:hush@h/stages',
    'ann:hush@h',
  ])('%s is refused by its name, and no password is told', (url) => {
    const problem = problemOf({ DATABASE_URL: url });
    expect(problem).toMatch(/^ {2}- DATABASE_URL \S.+$/m);
    expect(problem).not.toContain('hush');
    const inFile = problemOf({ DATABASE_URL_FILE: file('bad url', url) });
    expect(inFile).toContain('DATABASE_URL');
    expect(inFile).not.toContain('hush');
  });

  it('names the file of TLS that cannot be read', () => {
    expect(problemOf({ DATABASE_URL: 'postgres://h/stages?sslrootcert=/no/such/file' })).toMatch(
      /DATABASE_URL cannot be used: .*\/no\/such\/file/,
    );
  });
});

describe('the name of a database, for people', () => {
  it.each([
    ['postgres://ann:hush@db.example:6432/stages?sslmode=require', 'postgres://db.example:6432/stages'],
    ['postgres://ann:hush@db.example/stages', 'postgres://db.example:5432/stages'],
    ['postgres://db.example/stages?user=ann&password=hush', 'postgres://db.example:5432/stages'],
    ['sqlite:/srv/stages.db', '/srv/stages.db'],
    ['sqlite:stages.db', resolve('stages.db')],
  ])('of %s is %s, without user and password', (url, name) => {
    expect(databaseName(configOf(url))).toBe(name);
  });
});

describe('the settings of the connections', () => {
  const URL = 'postgres://ann@h/stages';

  it('have defaults', () => {
    expect(configOf(URL)).toMatchObject({ poolSize: 10, timeoutSeconds: 10, durability: 'full' });
  });

  it('are taken as they are given', () => {
    const given = {
      DATABASE_POOL_SIZE: '4',
      DATABASE_TIMEOUT_SECONDS: '600',
      DATABASE_DURABILITY: 'relaxed',
    };
    expect(configOf(URL, given)).toMatchObject({ poolSize: 4, timeoutSeconds: 600, durability: 'relaxed' });
    expect(configOf('sqlite:/srv/stages.db', given)).toEqual({ kind: 'sqlite', path: '/srv/stages.db' });
  });

  it.each([
    ['DATABASE_POOL_SIZE', '3', 'must be from 4 to 1000'],
    ['DATABASE_POOL_SIZE', '1001', 'must be from 4 to 1000'],
    ['DATABASE_POOL_SIZE', 'ten', 'must be a whole number'],
    ['DATABASE_TIMEOUT_SECONDS', '0', 'must be from 1 to 600'],
    ['DATABASE_TIMEOUT_SECONDS', '601', 'must be from 1 to 600'],
    ['DATABASE_TIMEOUT_SECONDS', '1.5', 'must be a whole number'],
    ['DATABASE_DURABILITY', 'none', 'must be one of full, relaxed'],
  ])('%s = %j is refused', (name, value, rule) => {
    expect(problemOf({ DATABASE_URL: URL, [name]: value })).toContain(`  - ${name} ${rule}`);
  });
});
