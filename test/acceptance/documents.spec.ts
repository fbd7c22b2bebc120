import { stepsOf } from './documents/page-steps.js';
import {
  missingPrograms,
  needsEngine,
  needsMinio,
  needsPostgres,
  readPages,
  type Page,
} from './documents/pages.js';
import { runPage } from './documents/run-page.js';
import { describeWithEngine } from './support/databend-engine.js';
import { describeWithMinio, type TestMinio } from './support/test-minio.js';

const PAGE_TIMEOUT_MS = 300_000;

/** All blocks that no test runs, and why. A new one is added here as well, so that it is seen. */
const NOT_RUN: Readonly<Record<string, readonly string[]>> = {
  'README.md': [
    'these statements are for Databend, not for this service',
    'it would run the tests within a test',
  ],
  'docs/from-upload-to-select.md': ["it downloads Databend's engine, which the test has already"],
  'docs/getting-started.md': ['the test has a MinIO at this address already'],
  'docs/http-api.md': ['fetches a program', 'fetches its tools'],
  'docs/operate/backup-restore-upgrade.md': ["needs the repository's folder"],
  'docs/operate/docker.md': Array.from({ length: 6 }, () => 'needs Docker'),
  'docs/operate/postgresql.md': ["needs PostgreSQL's administrator"],
  'docs/operate/releases.md': ["needs the repository's folder", 'needs Docker'],
  'docs/operate/several-servers.md': ['needs Docker', 'needs Docker'],
  'docs/operate/systemd.md': ['needs root and systemd', 'needs root and systemd'],
  'docs/sql-and-clients.md': ['it needs bendsql, and npm run clients -- bendsql does the same'],
};

const pages = await readPages();
let commandsRun = 0;

afterAll(() => {
  const notRun = Object.values(NOT_RUN).flat().length;
  process.stdout.write(`Documents: ${String(commandsRun)} commands run, ${String(notRun)} blocks not run\n`);
});

function describePage(page: Page): void {
  const name = `the commands of ${page.path}`;
  const missing = [...missingPrograms(page), ...missingServers(page)];
  if (missing.length > 0) {
    console.error(`${name} are not run: no ${missing.join(', ')}`);
    describe.skip(name, () => {
      it(`need ${missing.join(', ')}`, () => undefined);
    });
  } else if (needsEngine(page)) {
    describeWithEngine(name, () => {
      describeCommands('with a store', page);
    });
  } else {
    describeCommands(name, page);
  }
}

function missingServers(page: Page): string[] {
  return needsPostgres(page) && !process.env['POSTGRES_TEST_URL'] ? ['PostgreSQL'] : [];
}

function describeCommands(title: string, page: Page): void {
  const cases = (minio: TestMinio | null): void => {
    it('do what the page shows', async () => runAsShown(page, minio), PAGE_TIMEOUT_MS);
  };
  if (needsMinio(page)) describeWithMinio(title, cases);
  else
    describe(title, () => {
      cases(null);
    });
}

async function runAsShown(page: Page, minio: TestMinio | null): Promise<void> {
  const { commands, failures } = await runPage(page, minio);
  commandsRun += commands;
  if (failures.length > 0) throw new Error(failures.join('\n\n'));
}

pages.forEach(describePage);

describe('the blocks of the documents that are not run', () => {
  it('are those that are known, with the same reasons', () => {
    const found = pages.map(({ path, text }) => [path, reasonsIn(text)] as const);
    expect(Object.fromEntries(found.filter(([, reasons]) => reasons.length > 0))).toEqual(NOT_RUN);
  });
});

function reasonsIn(text: string): string[] {
  return stepsOf(text).flatMap((step) => (step.kind === 'leaveOut' ? [step.reason] : []));
}
