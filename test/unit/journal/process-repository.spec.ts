import { jest } from '@jest/globals';
import { sql } from '../../../src/database/sql.js';
import { TemporaryDatabase } from '../database/temporary-database.js';
import { JournalServer } from './journal-server.js';

let temporary: TemporaryDatabase;
let server: JournalServer;
let other: JournalServer;

beforeEach(async () => {
  temporary = new TemporaryDatabase();
  server = await JournalServer.start(temporary);
  other = await JournalServer.start(temporary);
});

afterEach(async () => {
  await temporary.remove();
});

/** The other server's row says so now. */
async function change(column: 'machine' | 'seen_at' | 'pid_since', value: string): Promise<void> {
  const update = sql(`UPDATE processes SET ${column} = ? WHERE id = ?`);
  await server.database.write([update.with(value, other.processes.ownId)]);
}

async function otherRuns(): Promise<boolean> {
  return (await server.processes.running()).has(other.processes.ownId);
}

const secondsAgo = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString();

describe('the servers on a database', () => {
  it('run as long as their processes do, also where they were not seen for long', async () => {
    await change('seen_at', secondsAgo(100_000));
    expect(await otherRuns()).toBe(true);
  });

  it('run no more when they have left', async () => {
    await other.processes.deregister();
    expect(await otherRuns()).toBe(false);
  });

  it('run no more when their processes are over, and are forgotten', async () => {
    await other.die();
    expect(await otherRuns()).toBe(false);
    expect(await server.database.read(sql('SELECT id FROM processes'))).toEqual([
      { id: server.processes.ownId },
    ]);
  });

  it('run no more when another process has their number', async () => {
    await change('pid_since', '1');
    expect(await otherRuns()).toBe(false);
  });

  describe('of another machine', () => {
    let now: number;

    beforeEach(async () => {
      now = performance.now();
      jest.spyOn(performance, 'now').mockImplementation(() => now);
      await change('machine', 'another');
    });

    afterEach(() => {
      jest.restoreAllMocks();
    });

    const pass = (seconds: number): void => {
      now += seconds * 1000;
    };

    it.each([
      [100, true],
      [130, false],
    ])('that show nothing new for %d seconds run: %s', async (seconds, runs) => {
      expect(await otherRuns()).toBe(true);
      pass(seconds);
      expect(await otherRuns()).toBe(runs);
    });

    it.each([-500, 0, 500])(
      'run as long as they show something new, with a clock off by %d s',
      async (off) => {
        for (let beat = 0; beat < 10; beat++) {
          await change('seen_at', secondsAgo(off - beat));
          expect(await otherRuns()).toBe(true);
          pass(100);
        }
      },
    );

    it('that were gone for long before this one started run no more', async () => {
      await change('seen_at', secondsAgo(700));
      expect(await otherRuns()).toBe(false);
    });

    it('run after an outage of the database in which nobody could show anything', async () => {
      expect(await otherRuns()).toBe(true);
      const outage = jest.spyOn(server.database, 'write').mockRejectedValue(new Error('away'));
      await expect(server.processes.heartbeat()).rejects.toThrow('away');
      outage.mockRestore();
      pass(1000);
      expect(await otherRuns()).toBe(true);
      pass(130);
      expect(await otherRuns()).toBe(false);
    });
  });

  it('count themselves, whatever is written of them', async () => {
    await other.die();
    expect((await other.processes.running()).has(other.processes.ownId)).toBe(true);
    await other.processes.deregister();
    expect((await other.processes.running()).has(other.processes.ownId)).toBe(true);
  });
});
