import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { PostgresServer } from '../../../scripts/lib/postgres-server.mjs';
import { openSqlDatabase } from '../../../src/database/open-database.js';
import type { SqlDatabase } from '../../../src/database/sql-database.js';
import { sql, type SqlStatement } from '../../../src/database/sql.js';
import { describeWithPostgres, runOn } from '../../support/test-database.js';
import { ofKind } from '../of-kind.js';
import { ownPostgres, postgresConfig } from './temporary-postgres.js';

const INSERT = sql('INSERT INTO things VALUES (?)');
const NAMES = sql<readonly [string]>('SELECT name FROM things ORDER BY name');
const inserting = (name: string): SqlStatement => INSERT.with(name);

interface Timed {
  readonly outcome: unknown;
  readonly ms: number;
}

/** What a promise ends with, and after which time. */
async function timed(run: () => Promise<unknown>): Promise<Timed> {
  const began = performance.now();
  const outcome = await run().catch((error: unknown) => error);
  return { outcome, ms: performance.now() - began };
}

beforeAll(() => {
  Logger.overrideLogger(false); // it tells of each connection that is lost
});

describeWithPostgres('while the server is stopped', () => {
  let server: PostgresServer;
  let isStopped = false;
  let database: SqlDatabase;

  beforeAll(async () => {
    server = await ownPostgres();
  });

  afterAll(() => server.remove());

  beforeEach(async () => {
    await runOn(server.url('postgres'), 'DROP TABLE IF EXISTS things', 'CREATE TABLE things (name TEXT)');
  });

  afterEach(async () => {
    await database.close();
    if (isStopped) await start();
  });

  /** A database that has been in use. @param patience in seconds. */
  async function connect(patience: number): Promise<void> {
    database = await openSqlDatabase(
      postgresConfig(server.url('postgres'), { timeoutSeconds: patience, poolSize: 4 }),
    );
    await database.write([inserting('before')]);
    await database.readRows(NAMES);
  }

  async function stop(mode: 'fast' | 'immediate' = 'fast'): Promise<void> {
    await server.stop(mode);
    isStopped = true;
  }

  async function start(): Promise<void> {
    await server.start();
    isStopped = false;
  }

  it('writes and reads wait for it, and are done when it is back', async () => {
    await connect(60);
    await stop();
    const writes = ['a', 'b'].map((name) => database.write([inserting(name)], 60_000));
    const read = database.readRows(NAMES);
    await setTimeout(500);
    await start();
    expect(await Promise.all(writes)).toEqual([[1], [1]]);
    expect(await read).toContainEqual(['before']);
    expect(await database.readRows(NAMES)).toEqual([['a'], ['b'], ['before']]);
  });

  it('a write waits for its own time, however long others wait, and changes nothing then', async () => {
    await connect(60);
    await stop();
    const patient = database.write([inserting('patient')], 60_000);
    const { outcome, ms } = await timed(() => database.write([inserting('late')], 300));
    expect(outcome).toEqual(ofKind('Unavailable'));
    expect(ms).toBeGreaterThan(250);
    expect(ms).toBeLessThan(3_000);
    await start();
    await patient;
    expect(await database.readRows(NAMES)).toEqual([['before'], ['patient']]);
  });

  it('for long, nobody waits any more who comes late, and all is well when it is back', async () => {
    await connect(2);
    await stop();
    const first = await timed(() => database.write([inserting('first')]));
    expect(first.outcome).toEqual(ofKind('Unavailable'));
    expect(first.ms).toBeGreaterThan(1_500);
    expect(first.ms).toBeLessThan(6_000);
    for (const late of [
      () => database.write([inserting('late')]),
      () => database.readRows(NAMES),
      () => database.probe(1_000),
    ]) {
      const { outcome, ms } = await timed(late);
      expect(outcome).toEqual(ofKind('Unavailable'));
      expect(ms).toBeLessThan(500);
    }
    await start();
    expect(await database.write([inserting('after')])).toEqual([1]);
    expect(await database.readRows(NAMES)).toEqual([['after'], ['before']]);
    // A next outage is waited for again.
    await stop();
    const waiting = database.write([inserting('again')], 60_000);
    const { ms } = await timed(() => waiting);
    expect(ms).toBeGreaterThan(1_000);
  });

  it('the end of a process waits for what was asked for, and no longer', async () => {
    await connect(1);
    await stop();
    const writing = database.write([inserting('a')]).catch((error: unknown) => error);
    const { ms } = await timed(() => database.close());
    expect(await writing).toEqual(ofKind('Unavailable'));
    expect(ms).toBeLessThan(5_000);
    await start();
    await connect(10); // for the end of the case
  });

  it('by a crash, what was written before is still there', async () => {
    await connect(60);
    await Promise.all(Array.from({ length: 50 }, (_, i) => database.write([inserting(String(i))])));
    await stop('immediate');
    await start();
    expect(await database.readRows(NAMES)).toHaveLength(51);
    expect(await database.write([inserting('after')])).toEqual([1]);
  });
});

describe('a host that lets in and says nothing', () => {
  let silent: Server;
  let sockets: Socket[];
  let database: SqlDatabase;

  beforeEach(async () => {
    sockets = [];
    silent = createServer((socket) => void sockets.push(socket));
    await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening));
    const { port } = silent.address() as AddressInfo; // a listening TCP server has one
    const config = postgresConfig(`postgres://somebody@127.0.0.1:${String(port)}/none`, {
      timeoutSeconds: 4,
    });
    database = await openSqlDatabase(config);
  });

  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    silent.close();
    await database.close();
  });

  it.each<[string, () => Promise<unknown>]>([['a probe', () => database.probe(300)]])(
    'keeps %s no longer than its time',
    async (_what, run) => {
      const { outcome, ms } = await timed(run);
      expect(outcome).toEqual(ofKind('Unavailable'));
      expect(ms).toBeLessThan(2_000);
    },
  );

  it('keeps a write no longer than a connection may take', async () => {
    const { outcome, ms } = await timed(() => database.write([inserting('a')], 300));
    expect(outcome).toEqual(ofKind('Unavailable'));
    expect(ms).toBeLessThan(6_000);
  });

  it('keeps a read no longer than a statement may take, twice', async () => {
    const { outcome, ms } = await timed(() => database.readRows(NAMES));
    expect(outcome).toEqual(ofKind('Unavailable'));
    expect(ms).toBeLessThan(10_000);
  });
});
