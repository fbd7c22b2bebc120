import type { StatementKind } from '../../../src/query/sql/ast.js';
import { PEOPLE_ROUTE_SAMPLES } from '../people/route-samples.js';
import { filePart, form, FORM_TYPE } from './form.js';

/** What a sample asks about. */
export interface Asked {
  /** `~` is the caller's own. */
  readonly stage: string;
  readonly uploadId: string;
  /** Of a statement of the caller. */
  readonly queryId: string;
  /** Of several privileges, the one that is asked for. */
  readonly privilege: string | undefined;
}

/** A user and a role of somebody else, and a connection: they are there whenever a sample is asked. */
export const SUBJECTS = { user: 'subject', role: 'subject_role', connection: 'c' } as const;

interface Answer {
  readonly status: number;
  /** Of an error. */
  readonly code?: number;
}

export interface RouteSample extends Answer {
  readonly headers?: (asked: Asked) => Readonly<Record<string, string>>;
  readonly query?: string;
  readonly body?: (asked: Asked) => Buffer | object;
  /** The path, where it is not made by putting the object's name in place of `:name`. */
  readonly path?: (asked: Asked) => string;
  /** What is answered for the caller's own stage, where that is another answer. */
  readonly own?: Answer;
  /** What is answered to who may know of the object and not do this, where that is another answer. */
  readonly refused?: Answer;
  /** For an object that is hidden, where it is not that of the kind. */
  readonly hidden?: Answer;
  /** Is it enough that the object may be seen, whatever privilege is declared? */
  readonly needsSightOnly?: boolean;
  /** What is answered to who must change the password, where that is another answer. */
  readonly mustChange?: Answer;
}

const OF_OWN_STAGE: Answer = { status: 400, code: 2506 };
const NO_TABLES: RouteSample = { status: 400, code: 1002 };
const OK: RouteSample = { status: 200 };
const JSON_OBJECT: RouteSample = { status: 200, body: () => ({}) };
const UPLOAD: RouteSample = {
  status: 200,
  headers: ({ stage }) => ({ stage_name: stage, 'content-type': FORM_TYPE }),
  body: () => form(filePart('f')),
};
/** The target has no name, which is said before anything is asked about the source. */
const COPY_TO_NOTHING: RouteSample = { status: 400, code: 1006, body: () => ({ from: 'f', to: '' }) };
const OF_CONNECTION: RouteSample = { status: 200, path: () => `/v1/connections/${SUBJECTS.connection}` };
const LIMITED: RouteSample = { status: 200, body: () => ({ max_bytes: 1e12 }) };
/** The token is one of nobody. */
const BAD_TOKEN: RouteSample = { status: 403, code: 1063 };

/** A request for each route, and what it is answered to who may. */
export const ROUTE_SAMPLES: Readonly<Record<string, RouteSample>> = {
  'PUT /v1/upload_to_stage': UPLOAD,
  'POST /v1/upload_to_stage': UPLOAD,
  'GET /v1/uploads': OK,
  'GET /v1/uploads/:id': OK,
  'POST /v1/stages': { status: 201, body: () => ({ name: 'made', or_replace: true }) },
  'GET /v1/stages': OK,
  'GET /v1/stages/:name': { status: 200, needsSightOnly: true },
  'PATCH /v1/stages/:name': { status: 200, body: () => ({ comment: 'c' }), own: OF_OWN_STAGE },
  'DELETE /v1/stages/:name': { status: 204, own: OF_OWN_STAGE },
  'POST /v1/stages/:name/check': OK,
  'POST /v1/stages/:name/copy': COPY_TO_NOTHING,
  'POST /v1/stages/:name/move': COPY_TO_NOTHING,
  'GET /v1/stages/:name/files': OK,
  'GET /v1/stages/:name/totals': OK,
  'GET /v1/stages/:name/quota': OK,
  'PUT /v1/stages/:name/quota': { ...LIMITED, path: () => '/v1/stages/~/quota' },
  'DELETE /v1/stages/:name/quota': { status: 204, path: () => '/v1/stages/~/quota' },
  'GET /v1/users/:name/quota': { status: 200, path: () => `/v1/users/${SUBJECTS.user}/quota` },
  'PUT /v1/users/:name/quota': { ...LIMITED, path: () => `/v1/users/${SUBJECTS.user}/quota` },
  'DELETE /v1/users/:name/quota': { status: 204, path: () => `/v1/users/${SUBJECTS.user}/quota` },
  'GET /v1/stages/:name/zip': OK,
  'DELETE /v1/stages/:name/files': { status: 200, query: '?prefix=f' },
  'PUT /v1/stages/:name/files': { status: 400, code: 1006, body: () => Buffer.from('content') },
  'HEAD /v1/stages/:name/files/*path': OK,
  'GET /v1/stages/:name/files/*path': OK,
  'PUT /v1/stages/:name/files/*path': { status: 200, body: () => Buffer.from('content') },
  'DELETE /v1/stages/:name/files/*path': OK,
  'POST /v1/stages/:name/presign': {
    status: 200,
    body: ({ privilege }) => ({ method: privilege === 'Read' ? 'GET' : 'PUT', path: 'f' }),
  },
  'HEAD /v1/presigned/*token': BAD_TOKEN,
  'GET /v1/presigned/*token': BAD_TOKEN,
  'PUT /v1/presigned/*token': BAD_TOKEN,
  'POST /v1/connections': {
    status: 201,
    body: () => ({ name: 'made', storage_type: 's3', or_replace: true }),
  },
  'GET /v1/connections': OK,
  'GET /v1/connections/:name': OF_CONNECTION,
  'PATCH /v1/connections/:name': { ...OF_CONNECTION, body: () => ({ options: { region: 'eu-west-1' } }) },
  'DELETE /v1/connections/:name': { ...OF_CONNECTION, status: 204 },
  'GET /v1/connections/:name/stages': { status: 200, path: () => '/v1/connections/c/stages' },
  'POST /v1/query': {
    status: 200,
    body: () => ({ sql: 'SELECT 1' }),
    mustChange: { status: 200, code: 1066 },
  },
  'GET /v1/query/:id': OK,
  'GET /v1/query/:id/page/:page{/:cursor}': { status: 404, code: 404 }, // it had one page
  'GET /v1/query/:id/final': OK,
  'POST /v1/query/:id/final': OK,
  'GET /v1/query/:id/kill': OK,
  'POST /v1/query/:id/kill': OK,
  'POST /v1/session/login': JSON_OBJECT,
  'POST /v1/session/refresh': { ...JSON_OBJECT, status: 401, code: 5100 }, // without a refresh token
  'POST /v1/session/logout': JSON_OBJECT,
  'POST /v1/session/heartbeat': JSON_OBJECT,
  'POST /v1/verify': JSON_OBJECT,
  'PUT /v1/streaming_load': NO_TABLES,
  'POST /v1/streaming_load': NO_TABLES,
  ...PEOPLE_ROUTE_SAMPLES,
  'GET /v1/audit': OK,
  'GET /metrics': OK,
  'GET /health': OK,
  'GET /ready': OK,
  'GET /openapi.json': OK,
  'GET /docs': OK,
  'GET /docs/:file': { status: 200, path: () => '/docs/init.js' },
  'GET /version': OK,
};

export interface StatementSample {
  readonly sql: (asked: Pick<Asked, 'stage' | 'privilege'>) => string;
  /** Of the error that even who may gets. */
  readonly code?: number;
  readonly ownCode?: number;
  /** Of the error that somebody gets who may know of the object and not do this; Databend's for a denied permission if absent. */
  readonly refusedCode?: number;
  /** The code for an object that is hidden, where it is not that of the kind. */
  readonly hiddenCode?: number;
  readonly needsSightOnly?: boolean;
  /** Has it no rows, and no error, of what is not there? */
  readonly isSilent?: boolean;
}

const plain = (sql: string, code?: number): StatementSample => ({
  sql: () => sql,
  ...(code === undefined ? {} : { code }),
});

/** A statement of each kind. */
export const STATEMENT_SAMPLES: Readonly<Record<StatementKind, StatementSample>> = {
  'create-stage': plain('CREATE OR REPLACE STAGE made'),
  'alter-stage': { sql: ({ stage }) => `ALTER STAGE ${stage} SET COMMENT = 'c'`, ownCode: 2506 },
  'drop-stage': { sql: ({ stage }) => `DROP STAGE ${stage}`, ownCode: 2506 },
  'show-stages': plain('SHOW STAGES'),
  'select-stages': plain('SELECT name FROM system.stages'),
  'describe-stage': { sql: ({ stage }) => `DESC STAGE ${stage}`, needsSightOnly: true, isSilent: true },
  'select-files': { sql: ({ stage }) => `LIST @${stage}` },
  remove: { sql: ({ stage }) => `REMOVE @${stage}/f` },
  presign: {
    sql: ({ stage, privilege }) => `PRESIGN ${privilege === 'Read' ? 'DOWNLOAD' : 'UPLOAD'} @${stage}/f`,
  },
  'create-connection': plain(
    "CREATE OR REPLACE CONNECTION made STORAGE_TYPE = 's3' access_key_id = 'a' secret_access_key = 'b'",
  ),
  'alter-connection': plain("ALTER CONNECTION c SET region = 'eu-west-1'"),
  'drop-connection': plain('DROP CONNECTION c'),
  'describe-connection': plain('DESC CONNECTION c'),
  'show-connections': plain('SHOW CONNECTIONS'),
  'create-user': plain("CREATE OR REPLACE USER made IDENTIFIED BY 'p4ssw0rd'"),
  'alter-user': plain('ALTER USER subject WITH DISABLED = FALSE'),
  'drop-user': plain('DROP USER subject'),
  'describe-user': plain('DESC USER subject'),
  'show-users': plain('SHOW USERS'),
  'select-users': plain('SELECT name FROM system.users'),
  'create-role': plain('CREATE ROLE IF NOT EXISTS made'),
  'alter-role': plain("ALTER ROLE subject_role SET COMMENT = 'c'"),
  'drop-role': plain('DROP ROLE subject_role'),
  'show-roles': plain('SHOW ROLES'),
  'select-roles': plain('SELECT name FROM system.roles'),
  // Nothing can be granted on an own stage: no name is that of one.
  grant: { sql: ({ stage }) => `GRANT READ ON STAGE \`${stage}\` TO ROLE subject_role`, ownCode: 2501 },
  revoke: { sql: ({ stage }) => `REVOKE READ ON STAGE \`${stage}\` FROM ROLE subject_role`, ownCode: 2501 },
  'grant-role': plain('GRANT ROLE subject_role TO subject'),
  'revoke-role': { ...plain('REVOKE ROLE subject_role FROM subject'), hiddenCode: 1063 },
  // The new owner is one that nobody may choose: an owner and an administrator have no other role in common.
  'grant-ownership': {
    sql: ({ stage }) => `GRANT OWNERSHIP ON STAGE \`${stage}\` TO ROLE public`,
    code: 1061,
    ownCode: 2501,
    refusedCode: 1061,
  },
  'show-grants': plain('SHOW GRANTS'),
  'select-grants': plain("SELECT grants FROM show_grants('role', 'public')"),
  'set-role': plain('SET ROLE public'),
  'set-secondary-roles': plain('SET SECONDARY ROLES ALL'),
  'set-default-role': plain('SET DEFAULT ROLE nope', 2206), // any other would change what root may do
  'select-one': plain('SELECT dummy FROM system.one'),
  'select-nothing': plain('SELECT name FROM system.tables'),
  'select-values': plain('SELECT 1'),
  'select-unknown': plain('SELECT name FROM system.nope', 1025),
  use: plain('USE d'),
  set: plain('SET max_threads = 1'),
  unset: plain('UNSET max_threads'),
  'show-settings': plain('SHOW SETTINGS'),
  transaction: plain('BEGIN'),
  'show-nothing': plain('SHOW DATABASES'),
  unsupported: plain('CREATE TABLE t (a INT)', 1002),
  'not-built': plain('SHOW TAGS', 1002),
};
