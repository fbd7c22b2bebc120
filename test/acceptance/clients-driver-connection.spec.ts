import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

import { describeWithDriver, dsnOf, valuesOf } from './support/databend-driver.js';
import { QueryClient } from './support/query-client.js';
import { recordingProxy, type Exchange, type RecordingProxy } from './support/recording-proxy.js';
import { removeFolder, startServer, temporaryFolder, type ServerProcess } from './support/server-process.js';
import { BOOKS, FIXTURES_FOLDER } from './support/stage-client.js';

const CHECK = 'PRESIGN UPLOAD @~/.bendsql/check';
const HEARTBEAT_CLIENT = resolve(import.meta.dirname, '../clients/npm/rest-between-statements.mjs');

interface Tokens {
  readonly session_token: string;
  readonly refresh_token: string;
}

/** What the driver says by itself, depending on the options of its DSN. */
describeWithDriver("A connection of Databend's npm driver", (connect) => {
  let folder: string;
  let server: ServerProcess;
  let proxy: RecordingProxy;

  beforeAll(async () => {
    folder = await temporaryFolder();
    server = await startServer(folder);
  });

  afterAll(async () => {
    await server.stop();
    await removeFolder(folder);
  });

  beforeEach(async () => {
    proxy = await recordingProxy(server.url);
  });

  afterEach(() => proxy.close());

  describe('uploads', () => {
    /** Uploads as far as the stage: there is no table to go on to. */
    async function load(presign: string): Promise<void> {
      const connection = await connect(proxy.url, { presign });
      const loading = connection.loadFile('INSERT INTO t VALUES', join(FIXTURES_FOLDER, BOOKS), 'stage');
      await expect(loading).rejects.toThrow(/QueryFailed/);
      await connection.close();
    }

    const puts = (path: string) => proxy.seen('PUT', path).map(({ status }) => status);

    it.each(['off', 'auto'])('through the upload route with presign=%s', async (presign) => {
      await load(presign);
      expect(puts('/v1/upload_to_stage')).toEqual([200]);
      expect(puts('/v1/presigned/')).toEqual([]);
    });

    it('to a presigned URL with presign=on', async () => {
      await load('on');
      expect(puts('/v1/presigned/')).toEqual([200]);
      expect(puts('/v1/upload_to_stage')).toEqual([]);
      expect(proxy.seen('PUT', '/v1/presigned/')[0]?.headers.authorization).toBeUndefined();
    });

    it('to a presigned URL with presign=detect, which asks for one first', async () => {
      await load('detect');
      expect(proxy.statements()[0]).toBe(CHECK);
      expect(puts('/v1/presigned/')).toEqual([200]);
    });
  });

  it('is logged in without a session token, and every request carries the password', async () => {
    const connection = await connect(proxy.url);
    expect(await valuesOf(connection, 'SELECT 1')).toEqual([[1]]);
    await connection.close();
    const paths = proxy.exchanges.map(({ path }) => path);
    expect(paths).toEqual(['/v1/session/login?disable_session_token=true', '/v1/query']);
    expect(proxy.exchanges.map(schemeOf)).toEqual(['Basic', 'Basic']);
  });

  it('may set settings that nobody knows', async () => {
    const connection = await connect(proxy.url, { presigned_url_disabled: 'true', max_threads: '4' });
    await connection.exec("SET timezone = 'UTC'");
    expect(await valuesOf(connection, 'SELECT 1')).toEqual([[1]]);
    await connection.close();
    const { session } = JSON.parse(proxy.exchanges.at(-1)?.body ?? '') as { session: unknown };
    const settings = { presigned_url_disabled: 'true', max_threads: '4', timezone: 'UTC' };
    expect(session).toMatchObject({ settings });
  });

  it('with a wrong password is told so', async () => {
    const guarded = await startServer(join(folder, 'guarded'), { ROOT_PASSWORD: 'secret' });
    await expect(connect(guarded.url)).rejects.toThrow(/AuthFailure: \[5100\]/);
    await guarded.stop();
  });

  describe('with session_token=enable', () => {
    const SESSION = { session_token: 'enable', retry_delay_secs: '0' };

    function tokens(): Tokens {
      const [login] = proxy.seen('POST', '/v1/session/login');
      return (JSON.parse(login?.answer ?? '') as { tokens: Tokens }).tokens;
    }

    it('queries and uploads by the token, and ends it when it closes', async () => {
      const connection = await connect(proxy.url, SESSION);
      expect(await valuesOf(connection, 'SELECT 1')).toEqual([[1]]);
      await connection.loadFile('INSERT INTO t VALUES', join(FIXTURES_FOLDER, BOOKS), 'stage').catch(() => 0);
      expect(proxy.exchanges.map(schemeOf)).toEqual(['Basic', 'Bearer', 'Bearer', 'Bearer']);
      expect(proxy.seen('PUT', '/v1/upload_to_stage').map(({ status }) => status)).toEqual([200]);

      const { session_token: token } = tokens();
      const other = new QueryClient(server.url).withToken(token);
      expect(await other.rows('SELECT 1')).toEqual([['1']]);
      await connection.close();
      expect(proxy.seen('POST', '/v1/session/logout').map(({ status }) => status)).toEqual([200]);
      const refused = await other.post('/v1/query', { sql: 'SELECT 1' });
      expect(refused.status).toBe(401);
    });

    it('goes on with new tokens when the old one has expired', async () => {
      const connection = await connect(proxy.url, SESSION);
      proxy.interfere((exchange) => (exchange.path === '/v1/query' ? expired(exchange) : exchange));
      // The driver refreshes its token, then forgets to send any with the statement that had failed.
      await expect(connection.exec('SELECT 1')).rejects.toThrow(/AuthFailure/);
      proxy.interfere((exchange) => exchange);

      const [refresh] = proxy.seen('POST', '/v1/session/refresh');
      expect(refresh).toMatchObject({ status: 200 });
      expect(refresh?.headers.authorization).toBe(`Bearer ${tokens().refresh_token}`);
      expect(await valuesOf(connection, 'SELECT 1')).toEqual([[1]]);
      const renewed = (JSON.parse(refresh?.answer ?? '') as { tokens: Tokens }).tokens;
      expect(renewed.session_token).not.toBe(tokens().session_token);
      expect(proxy.exchanges.at(-1)?.headers.authorization).toBe(`Bearer ${renewed.session_token}`);
      await connection.close();
    });
  });

  describe('that rests', () => {
    it('sends heartbeats until it is told that the query needs none', async () => {
      // The driver waits for half of this time, and Databend's own answer is an hour.
      proxy.interfere((exchange) => ({ ...exchange, answer: withTimeout(exchange.answer, 2) }));
      const env = { PATH: process.env['PATH'], DATABEND_DRIVER_HEARTBEAT_INTERVAL_SECONDS: '1' };
      const driver = process.env['DATABEND_DRIVER'] ?? '';
      const args = [HEARTBEAT_CLIENT, driver, dsnOf(proxy.url), '5000'];
      const { stdout } = await promisify(execFile)(process.execPath, args, { env });
      expect(JSON.parse(stdout)).toEqual([[1], [1]]);

      const beats = proxy.seen('POST', '/v1/session/heartbeat');
      expect(beats.map(({ status }) => status)).toEqual([200]);
      const [query] = proxy.seen('POST', '/v1/query');
      const { id } = JSON.parse(query?.answer ?? '') as { id: string };
      expect(JSON.parse(beats[0]?.answer ?? '')).toEqual({ queries_to_remove: [id] });
    });
  });
});

function schemeOf({ headers }: Exchange): string | undefined {
  return headers.authorization?.split(' ')[0];
}

function expired(exchange: Exchange): Exchange {
  const error = { code: 5101, message: 'Authentication failed: session token has expired' };
  // The repeated request has no token, and gets the server's own answer.
  if (exchange.headers.authorization === undefined) return exchange;
  return { ...exchange, status: 401, answer: JSON.stringify({ error }) };
}

function withTimeout(answer: string, seconds: number): string {
  const body = JSON.parse(answer) as Record<string, unknown>;
  return JSON.stringify('result_timeout_secs' in body ? { ...body, result_timeout_secs: seconds } : body);
}
