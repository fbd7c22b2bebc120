import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { removeFolder, startServer, temporaryFolder, type ServerProcess } from '../support/server-process.js';
import { StageClient } from '../support/stage-client.js';

const LOCKED_MS = 15_000;
const SLOWEST_MS = 1_500;
/** A look reuses the result of the one before for a moment, and then waits for a while. */
const READY_TELLS_MS = 5_000;

/** Takes the lock, says so, and keeps it until its input ends. */
const LOCKER = `
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("BEGIN " + sys.argv[2])
print("locked", flush=True)
sys.stdin.read()
database.execute("COMMIT")
`;

let folder: string;
let server: ServerProcess;
let client: StageClient;

beforeAll(async () => {
  folder = await temporaryFolder();
  server = await startServer(folder);
  client = new StageClient(server.url);
  await client.createStage({ name: 's' });
  await client.uploadBooks('s');
});

afterAll(async () => {
  await server.stop();
  await removeFolder(folder);
});

interface Timed {
  /** When it was asked for, on the clock of `performance`. */
  readonly at: number;
  readonly status: number;
  readonly ms: number;
  readonly retryAfter: string | null;
}

async function timed(path: string, init?: RequestInit): Promise<Timed> {
  const started = performance.now();
  const answer = await client.send(path, init);
  await answer.arrayBuffer();
  return {
    at: started,
    status: answer.status,
    ms: performance.now() - started,
    retryAfter: answer.headers.get('retry-after'),
  };
}

const creation = (name: string): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ name }),
});

/** Reads, signs in, and asks for its health again and again, as many clients at once do. */
async function whileLocked(until: number): Promise<Record<string, Timed[]>> {
  const paths = ['/health', '/v1/stages/s/files/books.parquet', '/v1/stages/s/files', '/v1/stages', '/ready'];
  const seen: Record<string, Timed[]> = {};
  await Promise.all(
    paths.map(async (path) => {
      const answers: Timed[] = (seen[path] = []);
      while (performance.now() < until) {
        answers.push(await timed(path));
        await setTimeout(20);
      }
    }),
  );
  return seen;
}

it.each(['IMMEDIATE', 'EXCLUSIVE'])(
  'while another process holds BEGIN %s for 15 s, reads go on, and writes wait, then are 503 or done',
  async (kind) => {
    const locker = spawn('python3', ['-c', LOCKER, join(folder, 'stagedoor.db'), kind], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const ended = once(locker, 'close');
    await once(locker.stdout, 'data');
    const started = performance.now();
    const until = started + LOCKED_MS;
    const put = (name: string): Promise<Timed> =>
      timed(`/v1/stages/s/files/${name}`, { method: 'PUT', body: 'content' });
    const early = Promise.all([put(`early ${kind}`), timed('/v1/stages', creation(`early_${kind}`))]);
    const late = (async () => {
      await setTimeout(LOCKED_MS - 4_000);
      return Promise.all([put(`late ${kind}`), timed('/v1/stages', creation(`late_${kind}`))]);
    })();
    const seen = await whileLocked(until);
    locker.stdin.end();
    await ended;

    const { '/ready': ready = [], ...reads } = seen;
    for (const [path, answers] of Object.entries(reads)) {
      expect({ path, wrong: answers.filter(({ status }) => status !== 200) }).toEqual({ path, wrong: [] });
      const slowest = Math.max(...answers.map(({ ms }) => ms));
      expect({ path, slowest, isFast: slowest < SLOWEST_MS }).toMatchObject({ path, isFast: true });
    }
    const told = ready.slice(0, -1).filter(({ at }) => at - started > READY_TELLS_MS);
    expect(told.length).toBeGreaterThan(0);
    expect(told.filter(({ status }) => status !== 503)).toEqual([]);
    for (const answer of await early) expect(answer).toMatchObject({ status: 503, retryAfter: '5' });
    for (const answer of await late) expect(answer.status).toBe(201);
    const names = (await client.listFiles('s')).map(({ name }) => name);
    expect(names).toContain(`late ${kind}`);
    expect(names).not.toContain(`early ${kind}`);
    expect((await client.send(`/v1/stages/early_${kind}`)).status).toBe(404);
  },
  40_000,
);
