import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describeWithDriver, type DriverConnection } from '../acceptance/support/databend-driver.js';
import {
  removeFolder,
  startServer,
  temporaryFolder,
  type ServerProcess,
} from '../acceptance/support/server-process.js';
import { inByteOrder } from './support/nested-names.js';
import { peakRss } from './support/process-facts.js';
import { report } from './support/report.js';

const COUNT = 200_000;
const PER_DIRECTORY = 1000;
const MOST_MEMORY = 250 * 1024 * 1024;
const TIMEOUT_MS = 15 * 60_000;
const SIZE = 1n;

describeWithDriver("Databend's npm driver and two hundred thousand files", (connect) => {
  let folder: string;
  let server: ServerProcess;
  let connection: DriverConnection;
  const names = manyNames();

  beforeAll(async () => {
    folder = await temporaryFolder();
    server = await startServer(folder);
    connection = await connect(server.url);
    await connection.exec('CREATE STAGE many');
    const root = join(folder, 'internal/stage/internal/many');
    for (const [i, name] of names.entries()) {
      if (i % PER_DIRECTORY === 0) await mkdir(join(root, name, '..'), { recursive: true });
      await writeFile(join(root, name), 'a');
    }
  }, TIMEOUT_MS);

  afterAll(async () => {
    await connection.close();
    await server.stop();
    await removeFolder(folder);
  }, TIMEOUT_MS);

  it.each([
    ['LIST @many', names.length],
    ["SELECT name, size FROM list_stage(location => '@many') WHERE name LIKE '%0.csv'", names.length / 10],
  ])(
    '%s is complete, in order, and takes the server no more than 250 MB',
    async (sql, count) => {
      const start = performance.now();
      const seen: string[] = [];
      for await (const row of await connection.queryIter(sql)) {
        const [name, size] = row.values() as [string, number | bigint];
        if (BigInt(size) !== SIZE) throw new Error(`${name} has the size ${String(size)}`);
        seen.push(name);
      }
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      const memory = await peakRss(server.pid);
      report(`${String(seen.length)} rows in ${seconds} s, at most ${String(memory >> 20)} MiB resident`);
      expect(seen).toHaveLength(count);
      expect(seen.every((name, i) => i === 0 || (seen[i - 1] ?? '') < name)).toBe(true);
      if (count === COUNT) expect(seen).toEqual(inByteOrder(names));
      expect(memory).toBeLessThan(MOST_MEMORY);
    },
    TIMEOUT_MS,
  );
});

/** Of ASCII alone: their order as strings is that of their bytes. */
function manyNames(): string[] {
  return Array.from({ length: COUNT }, (_, i) => {
    const directory = `d${String(Math.floor(i / PER_DIRECTORY)).padStart(3, '0')}`;
    return `${directory}/part-${String(i).padStart(6, '0')}.csv`;
  });
}
