import { OPERATOR } from '../../../src/access/principal.js';
import { routeAccess } from '../../../src/access/route-access.js';
import { PresignedUrls } from '../../../src/presigned/presigned-urls.js';
import { parseStatement } from '../../../src/query/sql/parser.js';
import { StageService } from '../../../src/stages/files/stage.service.js';
import { ask, askForAbsent, withoutNames, type Answer } from '../support/access-matrix/asking.js';
import { CALLERS, userId, type Caller } from '../support/access-matrix/callers.js';
import {
  casesOf,
  kindOf,
  routeTargets,
  statementTargets,
  type Case,
  type Target,
} from '../support/access-matrix/cases.js';
import { rulingOn, type StageName } from '../support/access-matrix/rules.js';
import { MatrixState } from '../support/access-matrix/state.js';
import { ROUTE_SAMPLES, STATEMENT_SAMPLES } from '../support/access-samples.js';
import { Client } from '../support/client.js';
import { declaredRoutes, routerLines } from '../support/routes.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

/** What changes nothing that another case needs. */
const READING =
  /^(?:GET|HEAD|POST \/v1\/query|(?:PUT|POST) \/v1\/upload|show|select|describe|presign|use|set$|unset|transaction)/;

let testApp: TestApp;
let client: Client;
let state: MatrixState;
let cases = 0;

beforeAll(async () => {
  testApp = await startTestApp({ TRUSTED_PROXIES: '127.0.0.1', ROOT_PASSWORD: 'of root' });
  client = new Client(testApp, '');
  state = await MatrixState.create(testApp.app);
});

afterAll(() => testApp.close());

const nameOf = ({ route, statement }: Target): string => route ?? statement;

/** HEAD has no body, and so no code. */
function isAsExpected({ target, expected }: Case, { status, code }: Answer): boolean {
  const hasCode = code === expected.code || target.route?.startsWith('HEAD') === true;
  return status === expected.status && hasCode;
}

/** What is wrong with the answer of one case. */
async function problemsOf(each: Case): Promise<object[]> {
  const { target, caller, stage, isOwnUpload, privilege, verdict, expected } = each;
  const queryId = `query-${String(cases++)}`;
  state.addQuery(caller, queryId);
  const signIn = await state.authorizationOf(caller, cases);
  const seen = await ask(client, each, queryId, signIn);
  const facts = { asked: nameOf(target), stage, isOwnUpload, privilege, verdict };
  const problems: object[] = isAsExpected(each, seen) ? [] : [{ ...facts, expected, seen }];
  if (seen.status < 300 && seen.code === undefined && !READING.test(nameOf(target))) {
    await state.reset();
    await state.addFiles(caller);
  }
  if (verdict !== 'hidden' || kindOf(target) === 'upload') return problems;
  const absent = await askForAbsent(client, each, queryId.replace('query', 'again'), signIn);
  const isSame = absent.status === seen.status && withoutNames(absent) === withoutNames(seen);
  return isSame ? problems : [...problems, { ...facts, seen, absent }];
}

/**
 * A wrong password makes the server wait, on purpose. So each target gets one, and `anonymous`, who is out as well, asks about every
 * stage and privilege.
 */
function casesToAsk(target: Target, caller: Caller): readonly Case[] {
  const all = casesOf(target, caller);
  return caller.credentials === 'wrong password' ? all.slice(0, 1) : all;
}

async function problemsOn(targets: readonly Target[], caller: Caller): Promise<object[]> {
  await state.reset();
  await state.addFiles(caller);
  const problems: object[] = [];
  for (const target of targets) {
    for (const each of casesToAsk(target, caller)) problems.push(...(await problemsOf(each)));
  }
  return problems;
}

describe('every route', () => {
  it('declares what it requires, and has a sample here', () => {
    const declared = declaredRoutes(testApp.app);
    expect(declared.filter(({ handler }) => routeAccess(handler) === undefined)).toEqual([]);
    const known = routerLines(testApp.app).toSorted();
    expect(known).toEqual(expect.arrayContaining(['PUT /v1/upload_to_stage', 'GET /metrics']));
    expect(declared.map(({ line }) => line).toSorted()).toEqual(known);
    expect(Object.keys(ROUTE_SAMPLES).toSorted()).toEqual(known);
  });

  it.each(CALLERS)('answers by the rules: $name', async (caller) => {
    expect(await problemsOn(routeTargets(testApp.app), caller)).toEqual([]);
  });
});

describe('every statement', () => {
  it('has a sample of its own kind', () => {
    for (const [kind, { sql }] of Object.entries(STATEMENT_SAMPLES)) {
      expect(parseStatement(sql({ stage: 'shared', privilege: 'Read' })).kind).toBe(kind);
    }
  });

  it.each(CALLERS)('answers by the rules: $name', async (caller) => {
    const targets = statementTargets();
    // All statements enter by one route, which looks at the password before it looks at them.
    const asked = caller.credentials === 'wrong password' ? targets.slice(0, 10) : targets;
    expect(await problemsOn(asked, caller)).toEqual([]);
  });
});

describe('a presigned URL', () => {
  /** As if the user had asked for it at a time when it had all rights. */
  async function urlFor(caller: Caller, name: StageName, method: 'GET' | 'PUT'): Promise<string> {
    const opener = { ...OPERATOR, userId: userId(caller) };
    const stage = await testApp.app.get(StageService).resolve(name, opener, 'Write');
    const principal = await state.principalOf(caller);
    return (
      await testApp.app.get(PresignedUrls).presign(stage, principal, { method, path: 'f' }, testApp.url)
    ).url;
  }

  it.each(CALLERS)('is what its user may do now: $name', async (caller) => {
    await state.reset();
    await state.addFiles(caller);
    const isPassword = ['none', 'wrong password', 'password', 'session token'].includes(caller.credentials);
    const user: Caller = isPassword ? { ...caller, credentials: 'password' } : caller;
    const problems: object[] = [];
    for (const stage of ['~', 'shared', 'other'] as const) {
      for (const method of ['GET', 'HEAD', 'PUT'] as const) {
        cases++;
        const named = method === 'PUT' ? 'stage Write' : 'stage Read';
        const wish = { caller: user, stage, isOwnUpload: true, isStatement: false };
        const verdict = rulingOn(named, wish, false);
        const url = await urlFor(caller, stage, method === 'PUT' ? 'PUT' : 'GET');
        const answer = await fetch(url, { method, ...(method === 'PUT' ? { body: 'content' } : {}) });
        await answer.arrayBuffer();
        const status = verdict === 'may' ? 200 : 403;
        if (answer.status !== status) problems.push({ stage, method, verdict, status: answer.status });
      }
    }
    expect(problems).toEqual([]);
  });
});

it('the matrix has thousands of cases', () => {
  expect(cases).toBeGreaterThan(5500);
});
