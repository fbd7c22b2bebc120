import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

const FIXTURES = resolve(import.meta.dirname, '../../fixtures');

export const BOOKS = 'books.parquet';
export const FIXTURES_FOLDER = FIXTURES;

export interface FileRow {
  readonly name: string;
  readonly size: number;
}

/** Talks to a running server as one user, over HTTP alone. */
export class StageClient {
  private readonly authorization: string;

  constructor(
    private readonly url: string,
    password = '',
    user = 'root',
  ) {
    this.authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  }

  async send(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('authorization', this.authorization);
    return fetch(`${this.url}${path}`, { ...init, headers });
  }

  async createStage(stage: { readonly name: string } & Record<string, unknown>): Promise<Response> {
    const headers = { 'content-type': 'application/json' };
    return this.send('/v1/stages', { method: 'POST', headers, body: JSON.stringify(stage) });
  }

  async uploadBooks(stage: string): Promise<Response> {
    const form = new FormData();
    form.set('upload', new Blob([new Uint8Array(await readBooks())]), BOOKS);
    const headers = { 'x-databend-stage-name': stage };
    return this.send('/v1/upload_to_stage', { method: 'PUT', headers, body: form });
  }

  async listFiles(stage: string): Promise<FileRow[]> {
    const answer = await this.send(`/v1/stages/${stage}/files`);
    expect(answer.status).toBe(200);
    const { files } = (await answer.json()) as { files: FileRow[] };
    return files;
  }

  async download(stage: string, path: string): Promise<Buffer> {
    const answer = await this.send(`/v1/stages/${stage}/files/${path}`);
    expect(answer.status).toBe(200);
    return Buffer.from(await answer.arrayBuffer());
  }
}

export async function readBooks(): Promise<Buffer> {
  return readFile(resolve(FIXTURES, BOOKS));
}

/** What every upload of the fixture must lead to: it is listed with its size, and comes back byte for byte. */
export async function expectBooksIn(client: StageClient, stage: string): Promise<void> {
  const books = await readBooks();
  expect(await client.listFiles(stage)).toEqual([
    expect.objectContaining({ name: BOOKS, size: books.length }),
  ]);
  expect((await client.download(stage, BOOKS)).equals(books)).toBe(true);
}
