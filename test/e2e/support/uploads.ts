import type { Client, Headers } from './client.js';
import { form, part } from './form.js';
import type { RawAnswer } from './raw-connection.js';

/** One file on its way to a stage. */
export interface SentFile {
  readonly stage: string;
  readonly name: string;
  readonly content: Buffer | string;
  /** Of the request. */
  readonly headers?: Headers;
  /** Of the form part where there is one, of the request where there is none. */
  readonly fileHeaders?: Headers;
}

export type Way = 'a raw upload' | 'a form';
export const WAYS = ['a raw upload', 'a form'] as const satisfies readonly Way[];

/** Uploads one file in either way. */
export async function send(way: Way, client: Client, file: SentFile): Promise<RawAnswer> {
  const { stage, name, content, headers = {}, fileHeaders = {} } = file;
  if (way === 'a form') {
    const body = form(partWith(name, content, fileHeaders));
    return client.upload(body, { stage_name: stage, ...headers });
  }
  const length = { 'content-length': String(Buffer.byteLength(content)) };
  return client.request(
    `PUT /v1/stages/${stage}/files/${name}`,
    { ...length, ...headers, ...fileHeaders },
    content,
  );
}

/** A file's form part with headers of its own. */
export function partWith(name: string, content: Buffer | string, headers: Headers = {}): Buffer {
  const lines = Object.entries(headers).map(([header, value]) => `${header}: ${value}`);
  return part([`Content-Disposition: form-data; name="upload"; filename="${name}"`, ...lines], content);
}

/** What became of an upload. */
export interface UploadStatus {
  readonly id: string;
  readonly stage_name: string;
  readonly user: string;
  readonly state: 'RUNNING' | 'SUCCESS' | 'FAILED';
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly received_bytes: number;
  readonly expected_bytes: number | null;
  readonly files: readonly {
    readonly name: string;
    readonly path: string;
    readonly size: number;
    readonly md5: string | null;
    readonly etag: string | null;
    readonly outcome: 'stored' | 'skipped';
  }[];
  readonly error: { readonly code: number; readonly message: string } | null;
}

export async function uploadStatus(client: Client, id: string): Promise<UploadStatus> {
  const answer = await client.send(`/v1/uploads/${id}`);
  expect(answer.status).toBe(200);
  return (await answer.json()) as UploadStatus;
}

/** By the header that every answer to an upload has. */
export function uploadIdOf({ headers }: RawAnswer | Response): string {
  const id = headers.get('x-stagedoor-upload-id') ?? '';
  expect(id).toMatch(/^[0-9a-f-]{36}$/);
  return id;
}
