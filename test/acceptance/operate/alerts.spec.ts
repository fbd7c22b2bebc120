import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { removeFolder, startServer, temporaryFolder, type ServerProcess } from '../support/server-process.js';
import { StageClient } from '../support/stage-client.js';

const ROOT = resolve(import.meta.dirname, '../../..');
const RULES = 'deploy/prometheus/stagedoor.rules.yml';
const BOARD = 'deploy/grafana/stagedoor.json';

/** What Prometheus itself knows of a target. */
const OF_PROMETHEUS = new Set(['up']);
/** Labels that a scrape adds. */
const OF_THE_SCRAPE = ['job', 'instance'];

const problem = spawnSync('promtool', ['--version']).error;
const describeWithPromtool = problem === undefined ? describe : describe.skip;
if (problem !== undefined) process.stderr.write(`Skipped: what promtool checks: ${problem.message}\n`);

function promtool(
  args: readonly string[],
  input = '',
): { readonly status: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: ROOT, encoding: 'utf8', input });
  return { status, output: stdout + stderr };
}

let folder: string;
let server: ServerProcess;
let client: StageClient;
let exposition: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  server = await startServer(folder);
  client = new StageClient(server.url);
  exposition = await scraped();
});

async function scraped(): Promise<string> {
  return (await client.send('/metrics')).text();
}

afterAll(async () => {
  await server.stop();
  await removeFolder(folder);
});

describeWithPromtool('promtool', () => {
  it('finds nothing to say about the metrics of a server that has just started', () => {
    expect(promtool(['check', 'metrics'], exposition)).toEqual({ status: 0, output: '' });
  });

  it('finds nothing to say after uploads, downloads and mistakes', async () => {
    await client.createStage({ name: 'books' });
    await client.uploadBooks('books');
    await client.download('books', 'books.parquet');
    await client.send('/v1/stages/books/files/none.csv');
    await new StageClient(server.url, 'wrong').send('/v1/stages');
    const now = await scraped();
    expect(now).toContain('stagedoor_errors_total{kind="FileNotFound"} 1');
    expect(promtool(['check', 'metrics'], now)).toEqual({ status: 0, output: '' });
  });

  it('finds the rules of the alerts in order', () => {
    expect(promtool(['check', 'rules', RULES])).toMatchObject({ status: 0 });
  });

  it('lets each alert fire and end', () => {
    const { status, output } = promtool(['test', 'rules', RULES.replace('.rules.', '.rules.test.')]);
    expect({ status, output }).toEqual({ status: 0, output: expect.stringContaining('SUCCESS') as string });
  });
});

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly runbook_url: string };
}

interface RuleTest {
  readonly alert_rule_test: readonly {
    readonly alertname: string;
    readonly exp_alerts: readonly unknown[];
  }[];
}

async function alerts(): Promise<readonly Rule[]> {
  const file = parse(await readFile(join(ROOT, RULES), 'utf8')) as { groups: { rules: Rule[] }[] };
  return file.groups.flatMap(({ rules }) => rules);
}

describe('each alert', () => {
  it('names a section of a page that says what to do', async () => {
    for (const { alert, annotations } of await alerts()) {
      const [page = '', section = ''] = annotations.runbook_url.split('#');
      expect(section).toBe(alert.toLowerCase());
      expect(await readFile(join(ROOT, page), 'utf8')).toContain(`\n## ${alert}\n`);
    }
  });

  it('fires and ends in the tests of the rules', async () => {
    const path = join(ROOT, RULES.replace('.rules.', '.rules.test.'));
    const { tests } = parse(await readFile(path, 'utf8')) as { tests: RuleTest[] };
    const outcomes = tests.flatMap((test) => test.alert_rule_test);
    for (const { alert } of await alerts()) {
      const of = outcomes.filter(({ alertname }) => alertname === alert);
      expect(of.map(({ exp_alerts }) => exp_alerts.length)).toEqual([1, 0]);
    }
  });
});

/** Names of metrics in a query, with the labels that it asks for. */
function metricsIn(query: string): readonly { readonly name: string; readonly labels: readonly string[] }[] {
  const names = [...query.matchAll(/\b(?:stagedoor|nodejs|process)_\w+|\bup\b/g)];
  return names.map(({ 0: name, index }) => {
    const selector = /^\{([^}]*)\}/.exec(query.slice(index + name.length))?.[1] ?? '';
    return { name, labels: [...selector.matchAll(/(\w+)\s*[=!]/g)].map(([, label = '']) => label) };
  });
}

/** The labels of each metric of the server, by its name. */
function exposed(): ReadonlyMap<string, ReadonlySet<string>> {
  const labels = new Map<string, Set<string>>();
  for (const line of exposition.split('\n').filter((each) => each !== '' && !each.startsWith('#'))) {
    const [, name = '', selector = ''] = /^(\w+)(?:\{(.*)\})? \S+$/.exec(line) ?? [];
    const known = labels.get(name) ?? new Set(OF_THE_SCRAPE);
    for (const [, label = ''] of selector.matchAll(/(\w+)="/g)) known.add(label);
    labels.set(name, known);
  }
  return labels;
}

function expectExposed(queries: readonly string[]): void {
  const known = exposed();
  const used = queries.flatMap(metricsIn).filter(({ name }) => !OF_PROMETHEUS.has(name));
  expect(used.length).toBeGreaterThanOrEqual(queries.length / 2);
  for (const { name, labels } of used) {
    expect({
      name,
      unknown: labels.filter((label) => known.get(name)?.has(label) !== true),
      isKnown: known.has(name),
    }).toEqual({
      name,
      unknown: [],
      isKnown: true,
    });
  }
}

describe('what the server exposes has all', () => {
  it('that the alerts ask for', async () => {
    expectExposed((await alerts()).map(({ expr }) => expr));
  });

  it('that the board shows', async () => {
    const { panels } = JSON.parse(await readFile(join(ROOT, BOARD), 'utf8')) as {
      panels: { readonly targets?: readonly { readonly expr: string }[] }[];
    };
    expectExposed(panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)));
  });
});
