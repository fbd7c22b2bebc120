import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { removeFolder, startServer, temporaryFolder, type ServerProcess } from '../support/server-process.js';
import { StageClient } from '../support/stage-client.js';

const LOCKED_MS = 15_000;
/** So long before the lock ends the late writes begin. */
const LATE_MS = 4_000;
const SLOWEST_MS = 1_500;
const PAUSE_MS = 40;
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

/** How SQLite is locked: readers may go on, or nobody but the one who has the lock. */
const KINDS = ['IMMEDIATE', 'EXCLUSIVE'] as const;
type Kind = (typeof KINDS)[number];

interface Scene {
  readonly folder: string;
  readonly server: ServerProcess;
  readonly client: StageClient;
}

/** One server for each kind of lock, because all of the time is waiting. */
let scenes: readonly Scene[];

beforeAll(async () => {
  scenes = await Promise.all(KINDS.map(startScene));
});

afterAll(async () => {
  for (const { server, folder } of scenes) {
    await server.stop();
    await removeFolder(folder);
  }
});

async function startScene(): Promise<Scene> {
  const folder = await temporaryFolder();
  const server = await startServer(folder);
  const client = new StageClient(server.url);
  await client.createStage({ name: 's' });
  await client.uploadBooks('s');
  return { folder, server, client };
}

interface Timed {
  /** When it was asked for, on the clock of `performance`. */
  readonly at: number;
  readonly status: number;
  readonly ms: number;
  readonly retryAfter: string | null;
}

async function timed({ client }: Scene, path: string, init?: RequestInit): Promise<Timed> {
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

/** Uploads a file and creates a stage. */
async function writes(scene: Scene, when: 'early' | 'late'): Promise<readonly Timed[]> {
  const creation = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: `${when}_stage` }),
  };
  return Promise.all([
    timed(scene, `/v1/stages/s/files/${when}`, { method: 'PUT', body: 'content' }),
    timed(scene, '/v1/stages', creation),
  ]);
}

/** Reads, signs in, and asks for its health again and again, as many clients at once do. */
async function reads(scene: Scene, until: number): Promise<Record<string, Timed[]>> {
  const paths = ['/health', '/v1/stages/s/files/books.parquet', '/v1/stages/s/files', '/v1/stages', '/ready'];
  const seen: Record<string, Timed[]> = {};
  await Promise.all(
    paths.map(async (path) => {
      const answers: Timed[] = (seen[path] = []);
      while (performance.now() < until) {
        answers.push(await timed(scene, path));
        await setTimeout(PAUSE_MS);
      }
    }),
  );
  return seen;
}

interface Seen {
  readonly started: number;
  readonly early: readonly Timed[];
  readonly late: readonly Timed[];
  readonly answers: Record<string, Timed[]>;
}

async function whileLocked(scene: Scene, kind: Kind): Promise<Seen> {
  const locker = spawn('python3', ['-c', LOCKER, join(scene.folder, 'stagedoor.db'), kind], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(locker, 'close');
  await once(locker.stdout, 'data');
  const started = performance.now();
  const early = writes(scene, 'early');
  const late = setTimeout(LOCKED_MS - LATE_MS).then(() => writes(scene, 'late'));
  const answers = await reads(scene, started + LOCKED_MS);
  locker.stdin.end();
  await ended;
  return { started, early: await early, late: await late, answers };
}

function expectGoingOn({ started, answers }: Seen): void {
  const { '/ready': ready = [], ...others } = answers;
  for (const [path, all] of Object.entries(others)) {
    expect({ path, wrong: all.filter(({ status }) => status !== 200) }).toEqual({ path, wrong: [] });
    const slowest = Math.max(...all.map(({ ms }) => ms));
    expect({ path, slowest, isFast: slowest < SLOWEST_MS }).toMatchObject({ path, isFast: true });
  }
  const told = ready.slice(0, -1).filter(({ at }) => at - started > READY_TELLS_MS);
  expect(told.length).toBeGreaterThan(0);
  expect(told.filter(({ status }) => status !== 503)).toEqual([]);
}

describe('while another process holds the lock of SQLite for 15 s', () => {
  let seen: readonly Promise<Seen>[];

  beforeAll(async () => {
    seen = KINDS.map((kind, index) => whileLocked(sceneAt(index), kind));
    await Promise.allSettled(seen);
  }, 60_000);

  function sceneAt(index: number): Scene {
    const scene = scenes[index];
    if (scene === undefined) throw new Error('It was not started.');
    return scene;
  }

  it.each(KINDS.map((kind, index) => [kind, index] as const))(
    'by BEGIN %s, reads go on, and writes wait, then are 503 or done',
    async (_kind, index) => {
      const found = await seen[index];
      if (found === undefined) throw new Error('It was not begun.');
      expectGoingOn(found);
      for (const answer of found.early) expect(answer).toMatchObject({ status: 503, retryAfter: '5' });
      for (const answer of found.late) expect(answer.status).toBe(201);
      const { client } = sceneAt(index);
      const names = (await client.listFiles('s')).map(({ name }) => name);
      expect(names).toContain('late');
      expect(names).not.toContain('early');
      expect((await client.send('/v1/stages/early_stage')).status).toBe(404);
    },
  );
});
