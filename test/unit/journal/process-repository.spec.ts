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
  const sql = `UPDATE processes SET ${column} = ? WHERE id = ?`;
  await server.database.write([{ sql, values: [value, other.processes.ownId] }]);
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
    expect(server.database.read('SELECT id FROM processes')).toEqual([{ id: server.processes.ownId }]);
  });

  it('run no more when another process has their number', async () => {
    await change('pid_since', '1');
    expect(await otherRuns()).toBe(false);
  });

  it.each([
    [0, true],
    [100, true],
    [130, false],
  ])('of another machine, seen %d seconds ago, run: %s', async (seconds, runs) => {
    await change('machine', 'another');
    await change('seen_at', secondsAgo(seconds));
    expect(await otherRuns()).toBe(runs);
  });

  it('of another machine run again when they are seen again', async () => {
    await change('machine', 'another');
    await change('seen_at', secondsAgo(1000));
    await other.processes.heartbeat();
    expect(await otherRuns()).toBe(true);
  });

  it('count themselves, whatever is written of them', async () => {
    await other.die();
    expect((await other.processes.running()).has(other.processes.ownId)).toBe(true);
    await other.processes.deregister();
    expect((await other.processes.running()).has(other.processes.ownId)).toBe(true);
  });
});
