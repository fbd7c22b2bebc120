import type { Client } from '../support/client.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { AnswerChecker } from './answer-checker.js';
import {
  operationsOf,
  resolved,
  servedDocument,
  type ApiDocument,
  type DocumentedOperation,
} from './document.js';
import { ExampleFixture } from './example-fixture.js';

let testApp: TestApp;
let document: ApiDocument;
let fixture: ExampleFixture;

beforeAll(async () => {
  testApp = await startTestApp();
  document = await servedDocument(testApp);
  fixture = new ExampleFixture(testApp);
});

afterAll(() => testApp.close());

type Body = NonNullable<RequestInit['body']>;
type Values = Readonly<Record<string, string>>;

/** What an example cannot say, because it is made at run time: parameters of paths, and the user. */
const LIVE: Readonly<Record<string, () => Promise<Values>>> = {
  getUpload: async () => ({ id: await fixture.uploadId() }),
  revokeToken: async () => ({ id: await fixture.tokenId(fixture.root) }),
  revokeTokenOfUser: async () => ({ id: await fixture.tokenId(fixture.ann) }),
  getPresignedHeaders: async () => ({ token: await fixture.presigned('GET') }),
  downloadPresigned: async () => ({ token: await fixture.presigned('GET') }),
  uploadPresigned: async () => ({ token: await fixture.presigned('PUT') }),
  getQuery: () => fixture.query(),
  getRunningQueryPage: () => fixture.query(),
  getQueryPage: () => fixture.query(),
  endQuery: () => fixture.query(),
  endQueryByPost: () => fixture.query(),
  killQuery: () => fixture.query(),
  killQueryByPost: () => fixture.query(),
};

/** What is answered where it is no success. */
const OTHER_STATUSES: Readonly<Record<string, number>> = {
  uploadWithoutName: 400,
  streamingLoad: 400,
  streamingLoadByPost: 400,
  // The statement reads, so that it has no page without a cursor.
  getRunningQueryPage: 404,
  // Of an operation that needs one of several parameters, none has an example.
  removeFiles: 400,
};

/** Bodies that an operation has examples of; one that is undefined for an operation without a body. */
function bodiesOf({ operation }: DocumentedOperation): readonly (Body | undefined)[] {
  const content = operation.requestBody?.content ?? {};
  if ('multipart/form-data' in content) {
    const body = new FormData();
    body.set('upload', new Blob(['id,title\n1,x\n']), 'rows.csv');
    return [body];
  }
  if ('application/octet-stream' in content) return ['id,title\n1,x\n'];
  const schema = content['application/json']?.schema as { readonly $ref: string } | undefined;
  if (schema === undefined) return [undefined];
  const { examples } = resolved<{ $ref?: string; examples?: object[] }>(document, schema);
  return (examples ?? []).map((example) => JSON.stringify(example));
}

async function requestOf({ method, path, operation }: DocumentedOperation, body: Body | undefined) {
  const live = (await LIVE[operation.operationId]?.()) ?? {};
  const headers = new Headers(
    typeof body === 'string' && body.startsWith('{') ? { 'content-type': 'application/json' } : {},
  );
  let url = path;
  for (const reference of operation.parameters ?? []) {
    const { in: place, name, example } = resolved(document, reference);
    const value = live[name] ?? (example === undefined ? undefined : String(example));
    if (value === undefined) continue;
    if (place === 'path') url = url.replace(`{${name}}`, value);
    // Two requests with one key are not the same one.
    else headers.set(name, name === 'idempotency-key' ? `${value}-${operation.operationId}` : value);
  }
  return { url, init: { method, headers, ...(body === undefined ? {} : { body }) } };
}

async function callerOf({ operation }: DocumentedOperation, headers: Headers): Promise<Client> {
  if (operation.operationId === 'changePassword') return fixture.ann;
  if (operation.operationId === 'refresh')
    headers.set('authorization', `Bearer ${await fixture.refreshToken()}`);
  return fixture.root;
}

it('each example of the document is answered as the document says', async () => {
  const statuses: Record<string, number[]> = {};
  const expected: Record<string, number[]> = {};
  for (const each of operationsOf(document)) {
    const { operationId } = each.operation;
    for (const body of bodiesOf(each)) {
      await fixture.prepare();
      const { url, init } = await requestOf(each, body);
      const client = await callerOf(each, init.headers);
      const answer =
        operationId === 'refresh' ? await fetch(`${testApp.url}${url}`, init) : await client.send(url, init);
      await answer.arrayBuffer();
      const success = OTHER_STATUSES[operationId] ?? (answer.ok ? answer.status : 200);
      (statuses[operationId] ??= []).push(answer.status);
      (expected[operationId] ??= []).push(success);
    }
  }
  expect(statuses).toEqual(expected);
});

it('each example of an answer fits its schema', () => {
  const checker = new AnswerChecker(document);
  const named = Object.entries(document.components['schemas'] ?? {});
  const examples = named.flatMap(([name, { examples = [] }]) =>
    (examples as object[]).map((example) => [name, example] as const),
  );
  expect(examples.length).toBeGreaterThan(20);
  const misfits = examples.flatMap(([name, example]) => checker.misfitsOf(name, example));
  expect(misfits).toEqual([]);
});
