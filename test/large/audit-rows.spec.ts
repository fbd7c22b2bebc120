import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { AuditRetention } from '../../src/audit/trail/audit-retention.js';
import { Client } from '../e2e/support/client.js';
import { startTestApp, temporaryFolder, type TestApp } from '../e2e/support/test-app.js';
import { describeWithPostgres, newPostgresUrl, runOn } from '../support/test-database.js';
import { fillAudit } from './support/audit-fill.js';
import { report } from './support/report.js';

const ROWS = Number(process.env['AUDIT_ROWS'] ?? 10_000_000);
const TIMEOUT_MS = 30 * 60_000;
const TIMES = 5;
const PUTS = 300;
/** A page is answered after a second at the latest, with a cursor. */
const SLOWEST_PAGE_MS = 2_500;

const HOUR_MS = 3_600_000;
const time = (hoursAgo: number): string => new Date(Date.now() - hoursAgo * HOUR_MS).toISOString();

const QUERIES: Readonly<Record<string, string>> = {
  'the first page': '',
  'of a user': 'user=user_7',
  'of a stage': 'stage=stage_42',
  'of an hour, fifty days ago': `from=${time(1201)}&to=${time(1200)}`,
  'of a user, on a stage': 'user=user_7&stage=stage_42',
  'of a user, in a week': `user=user_7&from=${time(1368)}&to=${time(1200)}`,
  'what was denied': 'outcome=denied',
  'what was denied to a user': 'user=user_7&outcome=denied',
  'stages that were made': 'action=stage.create',
  'of a user who is not there': 'user=nobody',
  'of a path that is not there': 'path=nowhere/',
};

const databases: readonly (readonly [
  name: string,
  describeIt: jest.Describe,
  url: (folder: string) => Promise<string>,
])[] = [
  ['SQLite', describe, (folder) => Promise.resolve(`sqlite:${join(folder, 'audit.db')}`)],
  ['PostgreSQL', describeWithPostgres, newPostgresUrl],
];

for (const [name, describeIt, urlIn] of databases) {
  describeIt(`ten million events of the audit on ${name}`, () => {
    let folder: string;
    let url: string;
    let testApp: TestApp;
    let client: Client;

    beforeAll(async () => {
      folder = await temporaryFolder();
      url = await urlIn(folder);
      testApp = await startTestApp({ DATABASE_URL: url });
      client = new Client(testApp);
      const startedAt = performance.now();
      await fillAudit(url, ROWS);
      report(`${name}: ${String(ROWS)} events in ${seconds(startedAt)} s, ${String(await sizeOf(url))} MB`);
    }, TIMEOUT_MS);

    afterAll(async () => {
      await testApp.close();
      await rm(folder, { recursive: true });
      if (url.startsWith('postgres')) await runOn(process.env['POSTGRES_TEST_URL'] ?? '', dropOf(url));
    }, TIMEOUT_MS);

    it.each(Object.entries(QUERIES))(
      'gives a page %s',
      async (what, query) => {
        const times: number[] = [];
        let events = 0;
        for (let turn = 0; turn < TIMES; turn++) {
          const startedAt = performance.now();
          const answer = await client.send(`/v1/audit?${query}`);
          expect(answer.status).toBe(200);
          events = ((await answer.json()) as { events: unknown[] }).events.length;
          times.push(performance.now() - startedAt);
        }
        report(
          `${name}, ${what}: ${String(events)} events in ${median(times)} ms, ${times.map(rounded).join(' ')}`,
        );
        expect(Math.max(...times)).toBeLessThan(SLOWEST_PAGE_MS);
      },
      TIMEOUT_MS,
    );

    it(
      'lets uploads pass while the old ones are removed',
      async () => {
        const quiet = await putTimes('quiet');
        const removing = testApp.app.get(AuditRetention, { strict: false }).removeOld();
        const startedAt = performance.now();
        const beside = await putTimes('beside');
        const removed = await removing;
        const rate = Math.round(removed / Number(seconds(startedAt)));
        report(`${name}: ${String(removed)} removed in ${seconds(startedAt)} s, ${String(rate)} a second`);
        report(`${name}: a PUT of 4 KiB takes ${summary(quiet)}, and ${summary(beside)} meanwhile`);
        expect(removed).toBeGreaterThan(ROWS / 20);
        expect(percentile(beside, 0.5)).toBeLessThan(250);
      },
      TIMEOUT_MS,
    );

    async function putTimes(prefix: string): Promise<readonly number[]> {
      const body = Buffer.alloc(4096);
      const times: number[] = [];
      for (let turn = 0; turn < PUTS; turn++) {
        const startedAt = performance.now();
        const path = `/v1/stages/~/files/${prefix}-${String(turn)}`;
        expect((await client.send(path, { method: 'PUT', body })).status).toBe(201);
        times.push(performance.now() - startedAt);
      }
      return times;
    }
  });
}

async function sizeOf(url: string): Promise<number> {
  if (url.startsWith('sqlite:')) return Math.round((await stat(url.slice('sqlite:'.length))).size / 1e6);
  const [row] = await runOn(url, "SELECT pg_total_relation_size('audit_events') AS bytes");
  return Math.round(Number((row as { bytes: string }).bytes) / 1e6);
}

function dropOf(url: string): string {
  return `DROP DATABASE ${new URL(url).pathname.slice(1)} WITH (FORCE)`;
}

function seconds(startedAt: number): string {
  return ((performance.now() - startedAt) / 1000).toFixed(1);
}

const rounded = (milliseconds: number): string => milliseconds.toFixed(1);
const median = (times: readonly number[]): string => rounded(percentile(times, 0.5));

function summary(times: readonly number[]): string {
  return `${median(times)} ms (99 %: ${rounded(percentile(times, 0.99))})`;
}

function percentile(times: readonly number[], part: number): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * part)] ?? Number.NaN;
}
