import { setTimeout as delay } from 'node:timers/promises';
import { samplesIn } from '../support/metrics.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const METRICS_TOKEN = 'token-of-the-collector';
const WITHIN_MS = 10_000;
/** Between two questions: asking without a pause would take the time of what is asked. */
const PAUSE_MS = 50;
export const CHECKS = ['database', 'storage', 'disk', 'shutdown'];

export function startScrapedApp(settings: Readonly<Record<string, string>> = {}): Promise<TestApp> {
  return startTestApp({ METRICS_TOKEN, ...settings });
}

export interface ReadyBody {
  readonly status?: string;
  readonly error?: { readonly kind: string; readonly message: string };
  readonly checks: readonly { readonly check: string; readonly ok: boolean; readonly reason?: string }[];
}

export async function readiness(
  testApp: TestApp,
): Promise<{ readonly status: number; readonly body: ReadyBody; readonly ms: number }> {
  const startedAt = performance.now();
  const answer = await fetch(`${testApp.url}/ready`);
  const body = (await answer.json()) as ReadyBody;
  return { status: answer.status, body, ms: performance.now() - startedAt };
}

/** Scrapes as a collector does: its token is looked up in no database. */
async function scraped({ url }: TestApp): Promise<ReadonlyMap<string, number>> {
  const answer = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${METRICS_TOKEN}` } });
  expect(answer.status).toBe(200);
  return samplesIn(await answer.text());
}

/** Where a fault is told: the names of the checks that fail. */
interface Told {
  readonly ready: readonly string[];
  readonly metrics: readonly string[];
  readonly log: readonly string[];
}

/** @param log finds the checks that fail in the lines of the log; servers of one process share them. */
async function told(testApp: TestApp, log: (logs: string) => readonly string[]): Promise<Told> {
  const { body } = await readiness(testApp);
  const found = await scraped(testApp);
  return {
    ready: body.checks.filter(({ ok }) => !ok).map(({ check }) => check),
    metrics: CHECKS.filter((check) => found.get(`stagedoor_ready{check="${check}"}`) === 0),
    log: log(testApp.logs()),
  };
}

/** The checks whose last line in the log says that they fail. */
function failuresIn(logs: string): string[] {
  const ends = new Map<unknown, unknown>();
  for (const line of logs.split('\n').filter((each) => each.includes('"context":"Health"'))) {
    const { check, ok } = JSON.parse(line) as { readonly check: unknown; readonly ok: unknown };
    ends.set(check, ok);
  }
  return CHECKS.filter((check) => ends.get(check) === false);
}

/** Asks until the fault is told everywhere, as a load balancer does, and fails after ten seconds. */
export async function expectTold(
  testApp: TestApp,
  checks: readonly string[],
  log: (logs: string) => readonly string[] = failuresIn,
): Promise<void> {
  const deadline = performance.now() + WITHIN_MS;
  const expected: Told = { ready: checks, metrics: checks, log: checks };
  for (;;) {
    const found = await told(testApp, log);
    if (performance.now() > deadline || JSON.stringify(found) === JSON.stringify(expected)) {
      expect(found).toEqual(expected);
      return;
    }
    await delay(PAUSE_MS);
  }
}

/** Lines of the log about a check that has begun to fail, or to succeed again. */
export function changesIn(logs: string, check: string, isOk: boolean): readonly string[] {
  const lines = logs.split('\n').filter((line) => line.includes('"context":"Health"'));
  return lines.filter((line) => line.includes(`"check":"${check}"`) && line.includes(`"ok":${String(isOk)}`));
}
