import type { Asked } from '../access-samples.js';
import { ROUTE_SAMPLES, STATEMENT_SAMPLES, SUBJECTS, type RouteSample } from '../access-samples.js';
import type { Client, Headers } from '../client.js';
import { userId } from './callers.js';
import { kindOf, type Case, type Expected } from './cases.js';

/** A name that nothing has. */
const ABSENT = 'absent';

export interface Answer extends Expected {
  /** An error, and the rows of a statement: what is not another text with each request. */
  readonly told: string;
}

interface Request {
  readonly line: string;
  readonly headers: Headers;
  readonly body: Buffer;
}

interface ErrorAnswer {
  readonly error?: { readonly code: number; readonly message: string } | null;
  /** Of a statement. */
  readonly data?: unknown;
}

/** Sends the request of a case. */
export async function ask(client: Client, given: Case, queryId: string, signIn: Headers): Promise<Answer> {
  return send(client, requestOf(given, askedBy(given, queryId)), signIn);
}

/** Sends the same for what is not there. */
export async function askForAbsent(
  client: Client,
  given: Case,
  queryId: string,
  signIn: Headers,
): Promise<Answer> {
  const kind = kindOf(given.target);
  if (kind === 'stage') {
    return send(client, requestOf(given, { ...askedBy(given, queryId), stage: ABSENT }), signIn);
  }
  const { line, headers, body } = requestOf(given, askedBy(given, queryId));
  const name = kind === 'user' || kind === 'role' || kind === 'connection' ? SUBJECTS[kind] : ABSENT;
  const named = new RegExp(`\\b${name}\\b`, 'g');
  const renamed = Buffer.from(body.toString().replace(named, ABSENT));
  const length = { 'content-length': String(renamed.length) };
  return send(
    client,
    { line: line.replace(named, ABSENT), headers: { ...headers, ...length }, body: renamed },
    signIn,
  );
}

/** The same words for whatever name was asked for. */
export function withoutNames({ told }: Answer): string {
  return told.replaceAll(/\b(?:shared|other|absent|subject|subject_role|c)\b/g, 'NAME');
}

function askedBy({ caller, stage, isOwnUpload, privilege }: Case, queryId: string): Asked {
  const sender = isOwnUpload ? userId(caller) : userId({ name: 'somebody' });
  return { stage, uploadId: `upload of ${sender}`.replaceAll(' ', '-'), queryId, privilege };
}

function requestOf({ target, caller }: Case, asked: Asked): Request {
  if (target.route !== undefined) return routeRequest(target.route, asked, kindOf(target));
  const session = caller.rolesOff === true ? { session: { role: 'public', secondary_roles: [] } } : {};
  const sql = STATEMENT_SAMPLES[target.statement].sql(asked);
  return jsonRequest('POST /v1/query', { sql, ...session });
}

function routeRequest(route: string, asked: Asked, kind: string | undefined): Request {
  const sample: RouteSample = ROUTE_SAMPLES[route] ?? { status: 0 };
  const { headers, query = '', body, path } = sample;
  const name = kind === 'user' || kind === 'role' ? SUBJECTS[kind] : asked.stage;
  const line =
    path === undefined
      ? route
          .replace('uploads/:id', `uploads/${asked.uploadId}`)
          .replace('query/:id', `query/${asked.queryId}`)
          .replace(':page{/:cursor}', '1')
          .replace(':name', name)
          .replace('*path', 'f')
          .replace('*token', 'token')
      : `${route.split(' ', 1)[0] ?? ''} ${path(asked)}`;
  const content = body?.(asked);
  if (content === undefined)
    return { line: line + query, headers: headers?.(asked) ?? {}, body: Buffer.of() };
  if (!Buffer.isBuffer(content)) return jsonRequest(line + query, content, headers?.(asked));
  const length = { 'content-length': String(content.length) };
  return { line: line + query, headers: { ...length, ...headers?.(asked) }, body: content };
}

function jsonRequest(line: string, content: object, more: Headers = {}): Request {
  const body = Buffer.from(JSON.stringify(content));
  const headers = { 'content-type': 'application/json', 'content-length': String(body.length), ...more };
  return { line, headers, body };
}

async function send(client: Client, { line, headers, body }: Request, signIn: Headers): Promise<Answer> {
  const answer = await client.request(line, { ...headers, ...signIn }, body);
  const text = line.startsWith('HEAD') ? '' : answer.body.toString();
  const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true;
  if (text === '' || !isJson) return { status: answer.status, code: undefined, told: text };
  const { error, data } = (JSON.parse(text) ?? {}) as ErrorAnswer; // POST /v1/users answers null
  return { status: answer.status, code: error?.code, told: JSON.stringify({ error, data }) };
}
