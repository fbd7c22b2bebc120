import type { StatementKind } from '../../../src/query/sql/ast.js';
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

interface Answer {
  readonly status: number;
  /** Of an error. */
  readonly code?: number;
}

export interface RouteSample extends Answer {
  readonly headers?: (asked: Asked) => Readonly<Record<string, string>>;
  readonly query?: string;
  readonly body?: (asked: Asked) => Buffer | object;
  /** What is answered for the caller's own stage, where that is another answer. */
  readonly own?: Answer;
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
/** The token is one of nobody. */
const BAD_TOKEN: RouteSample = { status: 403, code: 1063 };

/** A request for each route, and what it is answered to who may. */
export const ROUTE_SAMPLES: Readonly<Record<string, RouteSample>> = {
  'PUT /v1/upload_to_stage': UPLOAD,
  'POST /v1/upload_to_stage': UPLOAD,
  'GET /v1/uploads/:id': OK,
  'POST /v1/stages': { status: 201, body: () => ({ name: 'made', or_replace: true }) },
  'GET /v1/stages': OK,
  'GET /v1/stages/:name': OK,
  'PATCH /v1/stages/:name': { status: 200, body: () => ({ comment: 'c' }), own: OF_OWN_STAGE },
  'DELETE /v1/stages/:name': { status: 204, own: OF_OWN_STAGE },
  'POST /v1/stages/:name/check': OK,
  'GET /v1/stages/:name/files': OK,
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
  'POST /v1/query': { status: 200, body: () => ({ sql: 'SELECT 1' }) },
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
  'GET /metrics': OK,
  'GET /health': OK,
  'GET /ready': OK,
};

export interface StatementSample {
  readonly sql: (asked: Pick<Asked, 'stage' | 'privilege'>) => string;
  /** Of the error that even who may gets. */
  readonly code?: number;
  readonly ownCode?: number;
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
  'describe-stage': { sql: ({ stage }) => `DESC STAGE ${stage}` },
  'select-files': { sql: ({ stage }) => `LIST @${stage}` },
  remove: { sql: ({ stage }) => `REMOVE @${stage}/f` },
  presign: {
    sql: ({ stage, privilege }) => `PRESIGN ${privilege === 'Read' ? 'DOWNLOAD' : 'UPLOAD'} @${stage}/f`,
  },
  'create-connection': plain(
    "CREATE OR REPLACE CONNECTION c STORAGE_TYPE = 's3' access_key_id = 'a' secret_access_key = 'b'",
  ),
  'drop-connection': plain('DROP CONNECTION c'),
  'describe-connection': plain('DESC CONNECTION c'),
  'show-connections': plain('SHOW CONNECTIONS'),
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
  'not-built': plain('SHOW USERS', 1002),
};
