import { empty, json, type Answer, type Operation, type Routes } from '../document/description.js';
import { CALLER, HEARTBEAT, LOGGED_OUT, LOGIN, QUERY, REFRESHED } from '../schemas/databend.js';

const QUERY_ANSWER: Readonly<Record<number, Answer>> = {
  200: json('The answer about the statement.', QUERY, ['AnsweredQueryId', 'QueryState', 'QueryPageRows']),
};
const OF_QUERIES = ['UnknownQuery', 'InvalidPage', 'ClosedQuery', 'QueryInterrupted', 'NoWarehouse'] as const;
const PAGE: Omit<Operation, 'id' | 'summary'> = {
  headers: ['SessionId'],
  answers: QUERY_ANSWER,
  fails: OF_QUERIES,
};
const KILL: Omit<Operation, 'id' | 'summary'> = {
  headers: ['SessionId'],
  answers: { 200: empty('It is cut off.') },
  fails: OF_QUERIES,
};
/** Fields that are ignored. */
const ANY_FIELDS = { id: 'AnyFields', fields: {}, examples: [{}] };

export const QUERY_ROUTES: Routes = {
  tag: 'Queries',
  description: "Databend's query protocol, for statements about stages, files and people.",
  operations: {
    'POST /v1/query': {
      id: 'startQuery',
      summary: 'Runs a statement.',
      description: 'A statement that fails is answered 200, with `error`.',
      headers: ['QueryId', 'SessionId'],
      body: {
        id: 'NewQuery',
        fields: {
          sql: 'One statement.',
          session: 'That of the last answer.',
          pagination: 'How the result is paged.',
          'pagination.wait_time_secs': 'How long an answer waits for more rows; 10 without it, 60 at most.',
          'pagination.max_rows_per_page': 'Up to 10,000.',
        },
        examples: [{ sql: 'LIST @landing' }, { sql: 'SHOW STAGES', pagination: { max_rows_per_page: 100 } }],
      },
      answers: QUERY_ANSWER,
      fails: OF_QUERIES,
    },
    'GET /v1/query/{id}': { id: 'getQuery', summary: 'Says how a statement stands.', ...PAGE },
    'GET /v1/query/{id}/page/{page}': {
      id: 'getRunningQueryPage',
      summary: 'Waits for a statement that changes something.',
      ...PAGE,
    },
    'GET /v1/query/{id}/page/{page}/{cursor}': {
      id: 'getQueryPage',
      summary: 'Gives the next page of a result.',
      ...PAGE,
    },
    'GET /v1/query/{id}/final': { id: 'endQuery', summary: 'Ends a result.', ...PAGE },
    'POST /v1/query/{id}/final': { id: 'endQueryByPost', summary: 'Ends a result.', ...PAGE },
    'GET /v1/query/{id}/kill': { id: 'killQuery', summary: 'Cuts a statement off.', ...KILL },
    'POST /v1/query/{id}/kill': { id: 'killQueryByPost', summary: 'Cuts a statement off.', ...KILL },
    'PUT /v1/streaming_load': {
      id: 'streamingLoad',
      summary: 'Is always 400: loading into a table needs a warehouse.',
      answers: {},
      fails: ['NoWarehouse'],
    },
    'POST /v1/streaming_load': {
      id: 'streamingLoadByPost',
      summary: 'Is always 400: loading into a table needs a warehouse.',
      answers: {},
      fails: ['NoWarehouse'],
    },
  },
};

export const SESSION_ROUTES: Routes = {
  tag: 'Sessions',
  description: "Databend's sessions: tokens in place of the password.",
  operations: {
    'POST /v1/session/login': {
      id: 'login',
      summary: 'Gives the tokens of a new session.',
      query: { disable_session_token: '`true`: no tokens.' },
      body: {
        id: 'LoginRequest',
        fields: { role: 'A role of the caller; empty for none. Other fields are ignored.' },
        examples: [{ database: 'default' }],
      },
      answers: { 200: json('The session.', LOGIN, ['AnsweredSessionId']) },
      fails: ['InvalidRole', 'UnknownRole'],
    },
    'POST /v1/session/refresh': {
      id: 'refresh',
      summary: 'Gives new tokens for a refresh token.',
      security: [{ refreshToken: [] }],
      body: ANY_FIELDS,
      answers: { 200: json('The new tokens.', REFRESHED) },
      fails: [
        'NoCredentials',
        'MalformedCredentials',
        'UnsupportedScheme',
        'WrongTokenType',
        'RefreshTokenExpired',
        'RefreshTokenNotFound',
        'SessionTokenExpired',
        'SessionTokenNotFound',
        'UserDisabled',
        'PasswordRequiredRemotely',
        'DatabaseUnavailable',
      ],
    },
    'POST /v1/session/logout': {
      id: 'logout',
      summary: 'Ends the session of the token that it is called with.',
      body: ANY_FIELDS,
      answers: { 200: json('The session has ended.', LOGGED_OUT) },
      fails: ['NoSpace'],
    },
    'POST /v1/session/heartbeat': {
      id: 'heartbeat',
      summary: 'Is answered; nothing needs it.',
      body: {
        id: 'HeartbeatRequest',
        fields: { node_to_queries: 'Ids of statements, by node.' },
        examples: [{ node_to_queries: { stagedoor: ['5a9b0c7e-0f7c-4a3e-8f39-6f6a5c1c2d10'] } }],
      },
      answers: { 200: json('What the client can forget.', HEARTBEAT) },
    },
    'POST /v1/verify': {
      id: 'verify',
      summary: 'Says who the caller is.',
      headers: ['Tenant', 'Warehouse'],
      body: ANY_FIELDS,
      answers: { 200: json('The caller.', CALLER) },
    },
  },
};
