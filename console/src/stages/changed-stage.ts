import { SERVER, type Schemas } from '../lib/api.js';
import { shellQuoted, sqlIdentifier, sqlString } from '../lib/quoting.js';
import type { Stage } from './stage-queries.js';
import type { StoreDraft } from './store-fields.js';

type StageChange = Schemas['StageChange'];

/** The fields of the form that changes a stage. Keys are empty where the kept ones stay. */
export interface ChangeDraft extends StoreDraft {
  readonly comment: string;
  readonly format: string;
  readonly url: string;
}

const MASK = '***';

/** What the form shows first: the stage as it is. */
export function draftOf(stage: Stage): ChangeDraft {
  const option = (name: string): string => {
    const value = stage.storage_params?.[name];
    return typeof value === 'string' ? value : '';
  };
  return {
    comment: stage.comment,
    format: formatOf(stage),
    url: stage.url ?? '',
    endpointUrl: option('endpoint_url'),
    region: option('region'),
    accessKeyId: '',
    secretAccessKey: '',
  };
}

/** Can its options be changed here? Those of a named connection are the connection's. */
export function hasOptions(stage: Stage): boolean {
  return stage.storage_type === 's3' && stage.connection_ref === null;
}

/** Only what differs from the stage. Another URL needs all options again. */
export function changeOf(stage: Stage, draft: ChangeDraft): StageChange {
  const before = draftOf(stage);
  const isMoved = draft.url !== before.url;
  const connection = hasOptions(stage) ? connectionOf(before, draft, isMoved) : keptReference(stage, isMoved);
  return {
    ...(draft.comment === before.comment ? {} : { comment: draft.comment === '' ? null : draft.comment }),
    ...(draft.format === before.format ? {} : { file_format: { type: draft.format.toLowerCase() } }),
    ...(isMoved ? { url: draft.url } : {}),
    ...(Object.keys(connection).length === 0 ? {} : { connection }),
  };
}

/** Gives the change as a command, without the secret. */
export function changeCurl(stage: Stage, draft: ChangeDraft, user: string): string {
  const body = shellQuoted(JSON.stringify(changeOf(stage, hidden(draft)), undefined, 2));
  const url = `${SERVER}/v1/stages/${encodeURIComponent(stage.name)}`;
  return `curl -u ${shellQuoted(user)} -X PATCH -H 'content-type: application/json' -d ${body} ${url}`;
}

/** Gives the change as a statement, without the secret. */
export function changeSql(stage: Stage, draft: ChangeDraft): string {
  const { comment, file_format: format, url, connection } = changeOf(stage, hidden(draft));
  const options = Object.entries(connection ?? {})
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name.toUpperCase()} = ${sqlString(String(value))}`);
  const clauses = [
    ...(url === undefined ? [] : [`URL = ${sqlString(url)}`]),
    ...(options.length === 0 ? [] : [`CONNECTION = (${options.join(' ')})`]),
    ...(format === undefined ? [] : [`FILE_FORMAT = (TYPE = ${draft.format.toUpperCase()})`]),
    ...(comment === undefined ? [] : [`COMMENT = ${sqlString(comment ?? '')}`]),
  ];
  return `ALTER STAGE ${sqlIdentifier(stage.name)} SET\n  ${clauses.join('\n  ')};`;
}

function formatOf({ file_format_options: options }: Stage): string {
  return typeof options['type'] === 'string' ? options['type'].toLowerCase() : '';
}

function connectionOf(
  before: ChangeDraft,
  draft: ChangeDraft,
  isMoved: boolean,
): NonNullable<StageChange['connection']> {
  const given = {
    endpoint_url: draft.endpointUrl,
    region: draft.region,
    access_key_id: draft.accessKeyId,
    secret_access_key: draft.secretAccessKey,
  };
  const kept: Readonly<Record<string, string>> = { endpoint_url: before.endpointUrl, region: before.region };
  const changed = Object.entries(given).filter(([name, value]) =>
    isMoved ? value !== '' : value !== (kept[name] ?? ''),
  );
  return Object.fromEntries(changed.map(([name, value]) => [name, value === '' ? null : value]));
}

/** A stage that follows a connection follows it at its new place, too. */
function keptReference({ connection_ref: reference }: Stage, isMoved: boolean): Record<string, string> {
  return isMoved && reference !== null ? { connection_ref: reference } : {};
}

function hidden(draft: ChangeDraft): ChangeDraft {
  return draft.secretAccessKey === '' ? draft : { ...draft, secretAccessKey: MASK };
}
