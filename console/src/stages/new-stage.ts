import { SERVER, type Schemas } from '../lib/api.js';
import { shellQuoted, sqlIdentifier, sqlString } from '../lib/quoting.js';
import type { StoreDraft } from './store-fields.js';

const DEFAULT_FORMAT = 'parquet';

/** The fields of the form. */
export interface StageDraft extends StoreDraft {
  readonly name: string;
  readonly kind: 'internal' | 's3' | 'fs';
  readonly comment: string;
  /** As `FORMATS` names it. */
  readonly format: string;
  readonly url: string;
  /** A named connection, which takes the place of endpoint and keys; empty for none. */
  readonly connectionRef: string;
  readonly isChecked: boolean;
}

export const EMPTY_DRAFT: StageDraft = {
  name: '',
  kind: 'internal',
  comment: '',
  format: DEFAULT_FORMAT,
  url: 's3://',
  connectionRef: '',
  endpointUrl: '',
  region: '',
  accessKeyId: '',
  secretAccessKey: '',
  isChecked: true,
};

const MASK = '***';

/** Options of the connection that are given, by the names that REST and SQL share. */
function connectionOf(draft: StageDraft): Readonly<Record<string, string>> {
  if (draft.kind === 'fs') return {};
  if (draft.connectionRef !== '') return { connection_ref: draft.connectionRef };
  const options = {
    endpoint_url: draft.endpointUrl,
    region: draft.region,
    access_key_id: draft.accessKeyId,
    secret_access_key: draft.secretAccessKey,
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== ''));
}

export function requestOf(draft: StageDraft): Schemas['NewStage'] {
  const { name, comment, format, url, isChecked } = draft;
  const common = {
    name,
    ...(comment === '' ? {} : { comment }),
    ...(format === DEFAULT_FORMAT ? {} : { file_format: { type: format } }),
  };
  if (draft.kind === 'internal') return common;
  const connection = connectionOf(draft);
  const options = Object.keys(connection).length === 0 ? {} : { connection: { ...connection } };
  return { ...common, url, ...options, check: isChecked };
}

/** Gives the request as a command, without the secret. */
export function curlOf(draft: StageDraft, user: string): string {
  const request = requestOf(hidden(draft));
  const body = shellQuoted(JSON.stringify(request, undefined, 2));
  return `curl -u ${shellQuoted(user)} -H 'content-type: application/json' -d ${body} ${SERVER}/v1/stages`;
}

/** Gives the request as a statement, without the secret. */
export function sqlOf(draft: StageDraft): string {
  const lines = [`CREATE STAGE ${sqlIdentifier(draft.name)}`];
  if (draft.kind !== 'internal') {
    const options = Object.entries(connectionOf(hidden(draft)));
    lines.push(`  URL = ${sqlString(draft.url)}`);
    const list = options.map(([name, value]) => `    ${name.toUpperCase()} = ${sqlString(value)}`);
    if (list.length > 0) lines.push(`  CONNECTION = (\n${list.join('\n')}\n  )`);
  }
  if (draft.format !== DEFAULT_FORMAT) lines.push(`  FILE_FORMAT = (TYPE = ${draft.format.toUpperCase()})`);
  if (draft.comment !== '') lines.push(`  COMMENT = ${sqlString(draft.comment)}`);
  return `${lines.join('\n')};`;
}

function hidden(draft: StageDraft): StageDraft {
  return draft.secretAccessKey === '' ? draft : { ...draft, secretAccessKey: MASK };
}
