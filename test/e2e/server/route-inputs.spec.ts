import { z } from 'zod';
import { routeInput, type RouteInput } from '../../../src/http/request/route-input.js';
import { Client } from '../support/client.js';
import { expectError } from '../support/expectations.js';
import { declaredRoutes, routerLines } from '../support/routes.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let testApp: TestApp;
let client: Client;

beforeAll(async () => {
  testApp = await startTestApp();
  client = new Client(testApp);
});

afterAll(() => testApp.close());

const SESSION_BODY = '{}';
const STAGE_FIELDS = 'name, url, connection, file_format, comment, owner, or_replace, if_not_exists, check';

const USER_OPTIONS = 'default_role, default_warehouse, disabled, must_change_password';

/** Which query each route takes, and which fields its JSON body has. */
const INPUTS: Readonly<Record<string, readonly [query: string, body?: string]>> = {
  'GET /health': ['ignored'],
  'GET /ready': ['ignored'],
  'GET /version': ['ignored'],
  'GET /metrics': ['ignored'],
  'GET /v1/audit': ['from, to, user, stage, path, action, outcome, cursor, limit'],
  'GET /openapi.json': ['ignored'],
  'GET /docs': ['ignored'],
  'GET /docs/:file': ['ignored'],
  'GET /v1/connections': ['none'],
  'POST /v1/connections': ['none', 'name, storage_type, options, or_replace, if_not_exists'],
  'GET /v1/connections/:name': ['none'],
  'PATCH /v1/connections/:name': ['none', 'options'],
  'DELETE /v1/connections/:name': ['none'],
  'GET /v1/connections/:name/stages': ['none'],
  'POST /v1/stages': ['none', STAGE_FIELDS],
  'GET /v1/stages': ['like, cursor, limit'],
  'GET /v1/stages/:name': ['none'],
  'PATCH /v1/stages/:name': ['none', 'url, connection, file_format, comment'],
  'DELETE /v1/stages/:name': ['none'],
  'POST /v1/stages/:name/check': ['none', '{}'],
  'POST /v1/stages/:name/copy': ['none', 'from, to, from_stage, from_etag'],
  'POST /v1/stages/:name/move': ['none', 'from, to, from_stage, from_etag'],
  'POST /v1/stages/:name/presign': ['none', 'method, path, expires_in_seconds, content_type, max_bytes'],
  'GET /v1/stages/:name/files': ['prefix, pattern, delimiter, cursor, limit'],
  'DELETE /v1/stages/:name/files': ['prefix, pattern'],
  'GET /v1/stages/:name/totals': ['prefix, fresh'],
  'GET /v1/stages/:name/quota': ['fresh'],
  'PUT /v1/stages/:name/quota': ['none', 'max_bytes, max_files, force'],
  'DELETE /v1/stages/:name/quota': ['none'],
  'GET /v1/users/:name/quota': ['fresh'],
  'PUT /v1/users/:name/quota': ['none', 'max_bytes, max_files, force'],
  'DELETE /v1/users/:name/quota': ['none'],
  'GET /v1/stages/:name/zip': ['prefix, pattern'],
  'PUT /v1/stages/:name/files': ['none'],
  'HEAD /v1/stages/:name/files/*path': ['none'],
  'GET /v1/stages/:name/files/*path': ['none'],
  'PUT /v1/stages/:name/files/*path': ['none'],
  'DELETE /v1/stages/:name/files/*path': ['none'],
  'PUT /v1/upload_to_stage': ['none'],
  'POST /v1/upload_to_stage': ['none'],
  'GET /v1/uploads': ['all, state, idempotency_key, cursor, limit'],
  'GET /v1/uploads/:id': ['none'],
  'HEAD /v1/presigned/*token': ['none'],
  'GET /v1/presigned/*token': ['none'],
  'PUT /v1/presigned/*token': ['none'],
  'POST /v1/session/login': ['disable_session_token', 'role'],
  'POST /v1/session/refresh': ['ignored', SESSION_BODY],
  'POST /v1/session/logout': ['ignored', SESSION_BODY],
  'POST /v1/session/heartbeat': ['ignored', 'node_to_queries'],
  'POST /v1/verify': ['ignored', SESSION_BODY],
  'POST /v1/query': ['ignored', 'sql, session, pagination'],
  'GET /v1/query/:id': ['ignored'],
  'GET /v1/query/:id/page/:page{/:cursor}': ['ignored'],
  'GET /v1/query/:id/final': ['ignored'],
  'POST /v1/query/:id/final': ['ignored'],
  'GET /v1/query/:id/kill': ['ignored'],
  'POST /v1/query/:id/kill': ['ignored'],
  'GET /v1/users': ['none'],
  'POST /v1/users': ['none', `name, hostname, auth_type, auth_string, roles, grant_all, ${USER_OPTIONS}`],
  'GET /v1/users/:name': ['none'],
  'PATCH /v1/users/:name': ['none', `password, auth_type, ${USER_OPTIONS}`],
  'DELETE /v1/users/:name': ['files, to'],
  'PUT /v1/password': ['none', 'password'],
  'GET /v1/roles': ['none'],
  'POST /v1/roles': ['none', 'name, comment, if_not_exists'],
  'GET /v1/roles/:name': ['none'],
  'PATCH /v1/roles/:name': ['none', 'comment'],
  'DELETE /v1/roles/:name': ['none'],
  'GET /v1/roles/:name/members': ['none'],
  'PUT /v1/roles/:name/members/:kind/:member': ['none'],
  'DELETE /v1/roles/:name/members/:kind/:member': ['none'],
  'GET /v1/stages/:name/grants': ['none'],
  'PUT /v1/stages/:name/grants/:kind/:grantee': ['none', 'privileges'],
  'DELETE /v1/stages/:name/grants/:kind/:grantee': ['none'],
  'PUT /v1/stages/:name/owner': ['none', 'role'],
  'POST /v1/tokens': ['none', 'name, scope, expires_in_seconds'],
  'GET /v1/tokens': ['none'],
  'DELETE /v1/tokens/:id': ['none'],
  'GET /v1/users/:name/tokens': ['none'],
  'DELETE /v1/users/:name/tokens': ['none'],
  'DELETE /v1/users/:name/tokens/:id': ['none'],
  'PUT /v1/streaming_load': ['ignored'],
  'POST /v1/streaming_load': ['ignored'],
};

function described({ query, body }: RouteInput): readonly [query: string, body?: string] {
  const taken =
    query?.kind === 'Parameters' ? fieldsOf(query.schema) : (query?.kind.toLowerCase() ?? 'not decided');
  return body === undefined ? [taken] : [taken, fieldsOf(body)];
}

/** As the description of the API will have them: each schema has a JSON schema. */
function fieldsOf(schema: z.ZodType): string {
  const json = z.toJSONSchema(schema, { io: 'input' });
  const [object] = [json, ...(json.anyOf ?? [])].filter(({ type }) => type === 'object');
  return Object.keys(object?.properties ?? {}).join(', ') || '{}';
}

function inputs(): Record<string, readonly [string, string?]> {
  const routes = declaredRoutes(testApp.app);
  return Object.fromEntries(
    routes.map(({ line, handler, controller }) => [line, described(routeInput(handler, controller))]),
  );
}

describe('the routes of the router', () => {
  it('are those that controllers declare', () => {
    const declared = declaredRoutes(testApp.app).map(({ line }) => line);
    expect(routerLines(testApp.app).toSorted()).toEqual(declared.toSorted());
  });

  it('say each which query and which JSON body they take', () => {
    expect(inputs()).toEqual(INPUTS);
  });

  it('refuse a query where they say that they take none', async () => {
    const lines = Object.keys(INPUTS).filter((line) => INPUTS[line]?.[0] === 'none');
    for (const line of lines) {
      const [method = '', path = ''] = line.split(' ');
      const url = `${path.replace(':name', '~').replace(/[:*]\w+/, 'x')}?y=1`;
      const answer = await client.request(`${method} ${url}`, { 'content-length': '0' });
      expect({ line, status: answer.status }).toEqual({ line, status: 400 });
      if (method !== 'HEAD') {
        await expectError(answer, {
          status: 400,
          code: 1006,
          kind: 'InvalidRequest',
          message: /parameter y/,
        });
      }
    }
  });
});
