import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { chmod, chown, cp, lstat, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describeWithMounts, Mounts } from '../../support/mounts.js';
import { describeWithPostgres, newPostgresUrl, runOn } from '../../support/test-database.js';
import { adminCommandAs } from '../support/admin-command.js';
import {
  freePort,
  removeFolder,
  startServer,
  temporaryFolder,
  type Environment,
  type ServerProcess,
} from '../support/server-process.js';
import { StageClient } from '../support/stage-client.js';
import { clientOf, describeWithMinio, makeBucket } from '../support/test-minio.js';

const NOBODY = 65_534;
const PASSWORD = 'a password of root';

interface Finding {
  readonly check: string;
  readonly severity: 'ok' | 'warning' | 'error';
  readonly message: string;
  readonly advice?: string;
}

interface Examination {
  readonly code: number | null;
  readonly errors: string;
  readonly findings: readonly Finding[];
}

/** A data folder that a server has used: an external stage and its folder, a key, a database. */
let used: string;
let folder: string;
let data: string;
let exports: string;
let base: Environment;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  used = await temporaryFolder();
  await mkdir(join(used, 'exports'));
  const server = await startServer(join(used, 'data'), {
    FS_STAGE_ROOTS: join(used, 'exports'),
    ROOT_PASSWORD: PASSWORD,
  });
  const client = new StageClient(server.url, PASSWORD);
  const url = `fs://${join(used, 'exports')}/`;
  expect((await client.createStage({ name: 'exports', url })).status).toBe(201);
  await server.stop();
}, 60_000);

beforeEach(async () => {
  folder = await temporaryFolder();
  data = join(folder, 'data');
  exports = join(used, 'exports');
  await cp(join(used, 'data'), data, { recursive: true });
  await chmod(data, 0o700);
  base = { DATA_DIR: data, FS_STAGE_ROOTS: exports, HOST: '127.0.0.1', PORT: String(await freePort()) };
});

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  await removeFolder(folder);
});

afterAll(async () => {
  await removeFolder(used);
});

async function examine(settings: Environment, args: string[] = [], uid?: number): Promise<Examination> {
  const { code, output, errors } = await adminCommandAs(uid, settings, 'doctor', '--json', ...args);
  if (output === '') throw new Error(errors);
  const { findings } = JSON.parse(output) as { findings: readonly Finding[] };
  return { code, errors, findings };
}

const ofSeverity = ({ findings }: Examination, severity: Finding['severity']): readonly Finding[] =>
  findings.filter((finding) => finding.severity === severity);

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => {
    server.close();
    await once(server, 'close');
  });
  return (server.address() as AddressInfo).port;
}

/** Takes connections, and says nothing. */
function silentServer(): Server {
  return createServer((socket) => socket.on('error', () => undefined).resume());
}

type Planted = [
  what: string,
  plant: () => Promise<Environment> | Environment,
  severity: 'warning' | 'error',
  check: string,
  says: RegExp,
  args?: string[],
];

/** Each is a mistake that operators make, and the finding that names it. */
const planted: Planted[] = [
  [
    'a variable that is none',
    () => ({ ROOT_PASWORD: 'x' }),
    'warning',
    'settings',
    /ROOT_PASWORD is not a setting/,
  ],
  ['a value out of bounds', () => ({ PORT: '70000' }), 'error', 'settings', /^PORT must be from 0 to 65535/],
  [
    'a file of a secret that is not there',
    () => ({ ROOT_PASSWORD_FILE: '/nowhere/secret' }),
    'error',
    'settings',
    /^ROOT_PASSWORD_FILE cannot be read: ENOENT/,
  ],
  [
    'two settings that exclude each other',
    () => ({ ROOT_PASSWORD: 'x', ROOT_PASSWORD_EMPTY: 'yes' }),
    'error',
    'settings',
    /are both set: keep one/,
  ],
  ['stages within the data folder', () => ({ FS_STAGE_ROOTS: data }), 'error', 'settings', /are nested/],
  [
    'a folder of stages that is gone',
    () => ({ FS_STAGE_ROOTS: join(folder, 'nowhere') }),
    'warning',
    'folders',
    /nowhere, which is not there/,
  ],
  [
    'another data folder than before',
    () => ({ DATA_DIR: join(folder, 'other') }),
    'warning',
    'folders',
    /There is no data folder .+other yet/,
  ],
  [
    'a data folder that others read',
    async () => {
      await chmod(data, 0o755);
      return {};
    },
    'warning',
    'folders',
    /lets other users of this machine in/,
  ],
  [
    'a data folder in memory',
    async () => {
      const memory = `/dev/shm/stagedoor-${randomBytes(6).toString('hex')}`;
      await mkdir(memory);
      closing.push(() => rm(memory, { recursive: true }));
      return { DATA_DIR: memory };
    },
    'warning',
    'folders',
    /is in memory \(tmpfs\)/,
  ],
  [
    'a key file that is gone',
    async () => {
      await rm(join(data, 'connection.key'));
      return {};
    },
    'error',
    'keys',
    /connection\.key is gone/,
  ],
  [
    'a key file that holds no key',
    async () => {
      await writeFile(join(data, 'connection.key'), 'secret\n');
      return {};
    },
    'error',
    'keys',
    /must be 32 bytes in base64/,
  ],
  [
    'a key that everybody reads',
    async () => {
      await chmod(join(data, 'connection.key'), 0o644);
      return {};
    },
    'warning',
    'keys',
    /lets every user of this machine read the key/,
  ],
  [
    'another key than that of the stages',
    () => ({ CONNECTION_KEY: randomBytes(32).toString('base64') }),
    'error',
    'keys',
    /does not open the stage exports/,
  ],
  [
    'a database that is none',
    async () => {
      await writeFile(join(data, 'stagedoor.db'), 'no database '.repeat(1000));
      return {};
    },
    'error',
    'database',
    /is damaged \(SQLITE_NOTADB\)/,
  ],
  [
    'a database of a newer version',
    () => {
      const database = new Database(join(data, 'stagedoor.db'));
      database.exec("INSERT INTO migrations (timestamp, name) VALUES (9999999999999, 'FromTheFuture')");
      database.close();
      return {};
    },
    'error',
    'database',
    /was made by a newer version/,
  ],
  [
    'a restore that was interrupted',
    async () => {
      await writeFile(join(data, 'restore.unfinished'), 'moving');
      return {};
    },
    'error',
    'database',
    /A restore into .+ has not ended/,
  ],
  [
    'an internal storage without its disk',
    async () => {
      await rm(join(data, 'internal'), { recursive: true });
      await writeFile(join(data, 'internal'), '');
      return {};
    },
    'error',
    'folders',
    /The internal storage .+ is not a folder/,
  ],
  [
    'a stage whose folder is gone',
    async () => {
      await rm(join(exports, '.stagedoor-unfinished'), { recursive: true });
      closing.push(() => mkdir(join(exports, '.stagedoor-unfinished')));
      return {};
    },
    'error',
    'stages',
    /The stage exports fails at .+ is its disk mounted/,
    ['--stages'],
  ],
  [
    'a port of another program',
    async () => ({ PORT: String(await listening(silentServer())) }),
    'error',
    'port',
    /is taken by another program/,
  ],
  [
    'a port of the metrics that another program has',
    async () => ({ METRICS_PORT: String(await listening(silentServer())) }),
    'error',
    'port',
    /is taken by another program/,
  ],
  [
    'metrics on the port of the service',
    () => ({ METRICS_PORT: base['PORT'] }),
    'error',
    'settings',
    /METRICS_PORT must differ from PORT/,
  ],
  [
    'an address of another machine',
    () => ({ HOST: '192.0.2.7' }),
    'error',
    'port',
    /HOST is 192\.0\.2\.7, which is no address of this machine/,
  ],
  [
    'a public name that is not allowed',
    () => ({ PUBLIC_URL: 'https://files.example.com', ALLOWED_HOSTS: 'localhost' }),
    'error',
    'proxy',
    /ALLOWED_HOSTS leaves files\.example\.com out/,
  ],
  [
    'a proxy that is not trusted',
    () => ({ PUBLIC_URL: 'https://files.example.com' }),
    'warning',
    'proxy',
    /TRUSTED_PROXIES names none/,
  ],
  [
    'a proxy elsewhere, for a server that listens here alone',
    () => ({ TRUSTED_PROXIES: '10.0.0.0/8' }),
    'warning',
    'proxy',
    /no proxy on another machine reaches this server/,
  ],
  [
    'a public name of this machine alone',
    () => ({ PUBLIC_URL: 'http://localhost:8000', HOST: '0.0.0.0' }),
    'warning',
    'proxy',
    /which other machines do not reach/,
  ],
  [
    'web pages beside a root without a password',
    () => ({ CORS_ORIGINS: 'https://app.example.com', ROOT_PASSWORD_EMPTY: 'yes' }),
    'error',
    'people',
    /root has no password: a start is refused/,
  ],
  [
    'an open port without a password',
    () => ({ HOST: '0.0.0.0', ROOT_PASSWORD_EMPTY: 'yes' }),
    'warning',
    'people',
    /root has no password, and HOST is 0\.0\.0\.0/,
  ],
  [
    'more memory for uploads than there is',
    () => ({ UPLOAD_BUFFER_MIB: '1048576' }),
    'warning',
    'limits',
    /UPLOAD_BUFFER_MIB is 1048576/,
  ],
];

describe('the doctor names', () => {
  it.each(planted)('%s', async (...[, plant, severity, check, says, args]: Planted) => {
    const examination = await examine({ ...base, ...(await plant()) }, args);
    expect(ofSeverity(examination, severity)).toContainEqual(
      expect.objectContaining({ check, message: expect.stringMatching(says) as unknown }),
    );
    expect(examination.code).toBe(ofSeverity(examination, 'error').length > 0 ? 1 : 0);
  });
});

describeWithMounts('the doctor names a disk', () => {
  const disks: [what: string, options: string, says: RegExp][] = [
    ['that is almost full', 'size=8m', /has \d+ MiB .+ free/],
    ['that takes few files more', 'size=2g,nr_inodes=500', /has room for \d+ more files \(inodes\)/],
  ];

  it.each(disks)('%s', async (_what, options, says) => {
    const mounts = new Mounts();
    const mounted = join(folder, 'disk');
    await mkdir(mounted, { mode: 0o700 });
    mounts.tmpfs(mounted, options);
    closing.push(() => {
      mounts.close();
      return Promise.resolve();
    });
    const examination = await examine({ ...base, DATA_DIR: mounted });
    expect(ofSeverity(examination, 'error')).toContainEqual(
      expect.objectContaining({ check: 'folders', message: expect.stringMatching(says) as unknown }),
    );
    expect(examination.code).toBe(1);
  });
});

describeWithMinio('the doctor names an internal storage in S3', (minio) => {
  const bucket = 'doctor';
  const cases: [what: string, settings: Environment, check: string, says: RegExp][] = [
    [
      'whose bucket is not there',
      { INTERNAL_STORAGE_URL: 's3://doctor-none/' },
      'internal-storage',
      /NoSuchBucket/,
    ],
    [
      'whose key is wrong',
      { INTERNAL_STORAGE_SECRET_ACCESS_KEY: 'wrong-secret' },
      'internal-storage',
      /SignatureDoesNotMatch|PermissionDenied|signature/i,
    ],
    [
      'that does not run',
      { INTERNAL_STORAGE_ENDPOINT_URL: 'http://127.0.0.1:1' },
      'internal-storage',
      /cannot be used|ECONNREFUSED|refused/,
    ],
  ];
  const inS3: Environment = {
    INTERNAL_STORAGE_URL: `s3://${bucket}/`,
    INTERNAL_STORAGE_ENDPOINT_URL: minio.endpoint,
    INTERNAL_STORAGE_ACCESS_KEY_ID: minio.accessKeyId,
    INTERNAL_STORAGE_SECRET_ACCESS_KEY: minio.secretAccessKey,
  };

  beforeAll(async () => {
    await makeBucket(clientOf(minio), bucket);
  });

  it('and shows no secret', async () => {
    const { code, output } = await adminCommandAs(
      undefined,
      { ...base, ...inS3, ROOT_PASSWORD: PASSWORD, CONNECTION_KEY: '' },
      'doctor',
    );
    expect(code).toBe(0);
    expect(output).toMatch(/ok {7}internal-storage {2}The internal storage can be listed, written, read/);
    expect(output).toContain('INTERNAL_STORAGE_SECRET_ACCESS_KEY is ***.');
    expect(output).not.toContain(minio.secretAccessKey);
    expect(output).not.toContain(PASSWORD);
  });

  it.each(cases)('%s', async (_what, settings, check, says) => {
    const examination = await examine({ ...base, ...inS3, ...settings });
    expect(ofSeverity(examination, 'error')).toContainEqual(
      expect.objectContaining({ check, message: expect.stringMatching(says) as unknown }),
    );
    expect(examination.code).toBe(1);
  });

  it("whose clock is not this machine's", async () => {
    const store = createHttpServer((_request, response) => {
      const date = new Date(Date.now() - 3_600_000).toUTCString();
      response.writeHead(403, { date, 'content-type': 'application/xml' });
      response.end('<Error><Code>AccessDenied</Code><Message>no</Message></Error>');
    });
    const port = await listening(store);
    const settings = { ...inS3, INTERNAL_STORAGE_ENDPOINT_URL: `http://127.0.0.1:${String(port)}` };
    expect(ofSeverity(await examine({ ...base, ...settings }), 'error')).toContainEqual(
      expect.objectContaining({
        check: 'clock',
        message: expect.stringMatching(/60 minutes behind/) as unknown,
      }),
    );
  });
});

describeWithPostgres('the doctor names a PostgreSQL', () => {
  const cases: [what: string, change: (url: URL) => void, says: RegExp][] = [
    ['that does not run', (url) => (url.port = '1'), /does not answer \(.*ECONNREFUSED/],
    ['without this database', (url) => (url.pathname = '/nowhere'), /does not exist: create it/],
    ['that does not speak TLS as it should', (url) => (url.search = '?sslmode=require'), /sslmode/],
  ];

  it.each(cases)('%s, without waiting for it', async (_what, change, says) => {
    const url = new URL(await newPostgresUrl());
    change(url);
    const examination = await examine({ ...base, DATABASE_URL: url.href });
    expect(ofSeverity(examination, 'error')).toContainEqual(
      expect.objectContaining({ check: 'database', message: expect.stringMatching(says) as unknown }),
    );
  });

  it('with fewer connections than the pool', async () => {
    const settings = { DATABASE_URL: await newPostgresUrl(), DATABASE_POOL_SIZE: '1000' };
    expect(ofSeverity(await examine({ ...base, ...settings }), 'error')).toContainEqual(
      expect.objectContaining({ message: expect.stringMatching(/takes \d+ connections in all/) as unknown }),
    );
  });

  it('without tables, and makes none', async () => {
    const url = await newPostgresUrl();
    const examination = await examine({ ...base, DATABASE_URL: url });
    expect(ofSeverity(examination, 'warning')).toContainEqual(
      expect.objectContaining({ message: 'It has no tables yet: the first start makes them.' }),
    );
    expect(await runOn(url, "SELECT 1 FROM pg_tables WHERE schemaname = 'public'")).toEqual([]);
  });
});

/** Paths below the data folder, with mode and owner. */
async function inventory(): Promise<readonly string[]> {
  const names = (await readdir(data, { recursive: true })).sort();
  const lines = ['.', ...names].map(async (name) => {
    const { mode, uid, size } = await lstat(join(data, name));
    return `${name} ${mode.toString(8)} ${String(uid)} ${name.includes('stagedoor.db') ? '' : String(size)}`;
  });
  return Promise.all(lines);
}

describe('beside a server that runs', () => {
  let server: ServerProcess;

  beforeEach(async () => {
    server = await startServer(data, { FS_STAGE_ROOTS: exports });
    closing.push(() => server.stop());
    base = { ...base, PORT: new URL(server.url).port };
  });

  it('the doctor finds nothing wrong, knows the server, and leaves all as it was', async () => {
    const before = await inventory();
    const examination = await examine(base, ['--stages']);
    expect(ofSeverity(examination, 'error')).toEqual([]);
    expect(examination.code).toBe(0);
    expect(examination.findings).toContainEqual(
      expect.objectContaining({
        severity: 'ok',
        message: expect.stringMatching(/a Stagedoor that runs/) as unknown,
      }),
    );
    expect(await inventory()).toEqual(before);
  });

  it('a doctor without rights says so, opens nothing, and the server goes on', async () => {
    if (process.geteuid?.() !== 0) return;
    await chmod(folder, 0o755);
    const before = await inventory();
    const examination = await examine(base, [], NOBODY);
    expect(ofSeverity(examination, 'error')).toContainEqual(
      expect.objectContaining({
        message: expect.stringMatching(/cannot be used by user 65534 \(EACCES/) as unknown,
      }),
    );
    expect(examination.code).toBe(1);
    expect(await inventory()).toEqual(before);
    const client = new StageClient(server.url, PASSWORD);
    expect((await client.send('/v1/stages')).status).toBe(200);
  });
});

it('root is not taken for the user of the service', async () => {
  if (process.geteuid?.() !== 0) return;
  await chown(data, NOBODY, NOBODY);
  const examination = await examine(base);
  expect(ofSeverity(examination, 'error')).toContainEqual(
    expect.objectContaining({
      message: expect.stringMatching(/belongs to user 65534, and this command runs as root/) as unknown,
      advice: expect.stringMatching(/setpriv --reuid=65534/) as unknown,
    }),
  );
});
