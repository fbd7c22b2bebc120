import type { ObjectKind, Privileges } from '../../../src/access/privileges.js';
import type { Requirement } from '../../../src/access/requirement.js';
import { routeAccess, type RouteAccess } from '../../../src/access/route-access.js';
import { STATEMENT_ACCESS } from '../../../src/query/statements/statement-access.js';
import type { StatementKind } from '../../../src/query/sql/ast.js';
import { parseStatement } from '../../../src/query/sql/parser.js';
import { UserService } from '../../../src/users/user.service.js';
import { ROUTE_SAMPLES, STATEMENT_SAMPLES, type Asked, type RouteSample } from '../support/access-samples.js';
import { basic, Client, success } from '../support/client.js';
import { filePart, form } from '../support/form.js';
import { declaredRoutes, routerLines } from '../support/routes.js';
import { SqlClient } from '../support/sql-client.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

type Named = { [Kind in ObjectKind]: `${Kind} ${Privileges[Kind]}` }[ObjectKind];

/** Today's rule, told once more: `owner` stands for an administrator too. */
const WHO: Readonly<Record<Named, 'everybody' | 'owner' | 'admin'>> = {
  'service CreateStage': 'admin',
  'service ShowStages': 'everybody',
  'service CreateConnection': 'admin',
  'service ShowConnections': 'admin',
  'service Monitor': 'everybody',
  'session Use': 'everybody',
  'stage Read': 'owner',
  'stage Write': 'owner',
  'stage Alter': 'admin',
  'stage Drop': 'admin',
  'connection Access': 'admin',
  'connection Drop': 'admin',
  'upload Read': 'owner',
};
const NAME = 'shared';
const NOTE =
  'with roles [public]. Note: Please ensure that your current role have the appropriate permissions to create a new Object';
const USER = "for user 'ann'@'%'";
const refusals: Readonly<Record<string, string>> = {
  'stage Read': `Permission denied: privilege READ is required on stage ${NAME} ${USER}`,
  'stage Write': `Permission denied: privilege [Write] is required on STAGE ${NAME} ${USER} ${NOTE}`,
};
const superRequired = `Permission denied: privilege [Super] is required on *.* ${USER} ${NOTE}`;

/** Who asks, and what for: of a stage or an upload the caller's own, or root's. */
interface Case {
  readonly who: 'root' | 'ann';
  readonly isOwn: boolean;
  readonly privilege: string | undefined;
}

/** What the handler of a route declares. */
interface DeclaredRoute {
  /** `GET /v1/stages/:name` */
  readonly route: string;
  readonly access: RouteAccess | undefined;
}

interface Outcome {
  readonly status: number;
  readonly code: number | undefined;
  readonly message?: string | undefined;
}

let testApp: TestApp;
let clients: Readonly<Record<Case['who'], Client>>;
let uploads: Readonly<Record<Case['who'], string>>;
let next = 0;

beforeAll(async () => {
  testApp = await startTestApp();
  await testApp.app.get(UserService).save('ann', 'secret', { isAdmin: false });
  clients = { root: new Client(testApp), ann: new Client(testApp, basic('ann', 'secret')) };
  uploads = { root: await uploadedBy('root', '~'), ann: await uploadedBy('ann', '~') };
});

afterAll(() => testApp.close());

async function uploadedBy(who: Case['who'], stage: string): Promise<string> {
  return success(await clients[who].upload(form(filePart('f')), { stage_name: stage })).id;
}

function declaredAccess(): DeclaredRoute[] {
  return declaredRoutes(testApp.app).map(({ line, handler }) => ({
    route: line,
    access: routeAccess(handler),
  }));
}

/** Everything that a sample asks for is there, whatever the one before has done. */
async function prepare(): Promise<void> {
  await clients.root.createStage({ name: NAME, if_not_exists: true });
  await new SqlClient(clients.root).run(
    "CREATE CONNECTION IF NOT EXISTS c STORAGE_TYPE = 's3' access_key_id = 'a' secret_access_key = 'b'",
  );
  await uploadedBy('root', NAME);
  await uploadedBy('root', '~');
  await uploadedBy('ann', '~');
}

function casesOf(access: Requirement): Case[] {
  const hasOwn = access.kind === 'stage' || access.kind === 'upload';
  return access.privileges.flatMap((privilege) =>
    (['root', 'ann'] as const).flatMap((who) =>
      (hasOwn ? [true, false] : [false]).map((isOwn) => ({ who, isOwn, privilege })),
    ),
  );
}

/** What today's rule refuses, and undefined where it does not. */
function refusalOf({ kind }: Requirement, { who, isOwn, privilege }: Case): Outcome | undefined {
  const name = `${kind} ${String(privilege)}` as Named; // the privilege is one of the requirement
  if (who === 'root' || WHO[name] === 'everybody') return undefined;
  // Nobody alters or drops an own stage: that is told before who asks matters.
  if (isOwn) return undefined;
  if (kind === 'upload') return { status: 404, code: 404 };
  return { status: 403, code: 1063, message: refusals[name] ?? superRequired };
}

async function askedBy({ who, isOwn, privilege }: Case): Promise<Asked> {
  const queryId = `query-${String(next++)}`;
  await new SqlClient(clients[who]).run('SELECT 1', { id: queryId });
  const other = who === 'root' ? 'ann' : 'root';
  return { stage: isOwn ? '~' : NAME, uploadId: uploads[isOwn ? who : other], queryId, privilege };
}

async function request(
  client: Client,
  route: string,
  asked: Asked,
  authorization?: string,
): Promise<Outcome> {
  const { headers, query = '', body }: RouteSample = ROUTE_SAMPLES[route] ?? { status: 0 };
  const line = route
    .replace('uploads/:id', `uploads/${asked.uploadId}`)
    .replace('query/:id', `query/${asked.queryId}`)
    .replace(':page{/:cursor}', '1')
    .replace(':name', asked.stage)
    .replace('*path', 'f')
    .replace('*token', 'token');
  const content = body?.(asked);
  const bytes = Buffer.isBuffer(content)
    ? content
    : Buffer.from(content === undefined ? '' : JSON.stringify(content));
  const answer = await client.request(
    line + query,
    {
      ...(authorization === undefined ? {} : { authorization }),
      ...(content === undefined ? {} : { 'content-length': String(bytes.length) }),
      ...(content === undefined || Buffer.isBuffer(content) ? {} : { 'content-type': 'application/json' }),
      ...headers?.(asked),
    },
    bytes,
  );
  return outcomeOf(answer.status, line.startsWith('HEAD') ? '' : answer.body.toString());
}

interface ErrorAnswer {
  readonly error?: { readonly code: number; readonly message: string } | null;
}

/** Of a route: an error's status, code and message. */
function outcomeOf(status: number, text: string): Outcome {
  if (status < 400 || text === '') return { status, code: undefined };
  const { error } = JSON.parse(text) as ErrorAnswer;
  return { status, code: error?.code, message: error?.message };
}

/** An expectation says nothing of a message that it does not know, and HEAD has no code. */
function isAsExpected(seen: Outcome, expected: Outcome, route: string): boolean {
  const hasCode = seen.code === expected.code || route.startsWith('HEAD');
  const isWorded = expected.message === undefined || seen.message === expected.message;
  return seen.status === expected.status && hasCode && (isWorded || route.startsWith('HEAD'));
}

const NOBODYS: Asked = { stage: NAME, uploadId: 'u', queryId: 'q', privilege: undefined };

function expectedOf(sample: RouteSample, isOwn: boolean): Outcome {
  const { status, code } = (isOwn ? sample.own : undefined) ?? sample;
  return { status, code };
}

/** What differs from today's rule on one route. */
async function wrongOn({ route, access }: DeclaredRoute): Promise<unknown[]> {
  const sample = ROUTE_SAMPLES[route];
  if (access === undefined || sample === undefined)
    return [{ route, problem: 'no declaration or no sample' }];
  const isPublic = access === 'public';
  const wrong: unknown[] = [];
  const compare = (who: unknown, seen: Outcome, expected: Outcome): void => {
    if (!isAsExpected(seen, expected, route)) wrong.push({ route, who, seen, expected });
  };
  const closed = isPublic ? expectedOf(sample, false) : { status: 401, code: 5100 };
  compare('anonymous', await request(clients.root, route, NOBODYS, ''), closed);
  if (isPublic) return wrong;
  for (const each of casesOf(access)) {
    await prepare();
    const seen = await request(clients[each.who], route, await askedBy(each));
    compare(each, seen, refusalOf(access, each) ?? expectedOf(sample, each.isOwn));
  }
  return wrong;
}

describe('every route', () => {
  it('declares what it requires, and has a sample here', () => {
    const declared = declaredAccess();
    expect(declared.filter(({ access }) => access === undefined)).toEqual([]);
    const known = routerLines(testApp.app).toSorted();
    expect(known).toEqual(expect.arrayContaining(['PUT /v1/upload_to_stage', 'GET /metrics']));
    expect(declared.map(({ route }) => route).toSorted()).toEqual(known);
    expect(Object.keys(ROUTE_SAMPLES).toSorted()).toEqual(known);
  });

  it('answers an administrator, another user and nobody by today’s rule', async () => {
    const wrong: unknown[] = [];
    for (const route of declaredAccess()) wrong.push(...(await wrongOn(route)));
    expect(wrong).toEqual([]);
  });
});

describe('every statement', () => {
  const kinds = Object.keys(STATEMENT_ACCESS) as StatementKind[]; // the table's keys are the kinds

  it.each(kinds)('answers an administrator and another user by today’s rule: %s', async (kind) => {
    const access = STATEMENT_ACCESS[kind];
    const { sql, code, ownCode } = STATEMENT_SAMPLES[kind];
    for (const each of casesOf(access)) {
      await prepare();
      const statement = sql({ stage: each.isOwn ? '~' : NAME, privilege: each.privilege });
      expect(parseStatement(statement).kind).toBe(kind);
      const { error } = await new SqlClient(clients[each.who]).answer(statement);
      const refusal = refusalOf(access, each);
      const expected = refusal?.code ?? (each.isOwn ? ownCode : undefined) ?? code;
      expect({ ...each, code: error?.code }).toEqual({ ...each, code: expected });
      if (refusal !== undefined) expect(error?.message).toBe(refusal.message);
    }
  });

  it('shows the stages that its user may see, and no other', async () => {
    await prepare();
    const names = (who: Case['who'], sql: string): Promise<(readonly (string | null)[])[]> =>
      new SqlClient(clients[who]).rows(sql);
    for (const sql of ['SHOW STAGES', 'SELECT name FROM system.stages']) {
      expect((await names('root', sql)).map(([name]) => name)).toContain(NAME);
      expect(await names('ann', sql)).toEqual([]);
    }
  });
});
