import { FORM_TYPE } from './form.js';
import { RawConnection, type RawAnswer } from './raw-connection.js';

export type Headers = Readonly<Record<string, string>>;

export interface UploadAnswer {
  readonly id: string;
  readonly stage_name: string;
  readonly state: string;
  readonly files: readonly string[];
}

export interface FileRow {
  readonly name: string;
  readonly size: number;
  readonly md5: string | null;
  readonly last_modified: string;
  readonly creator: string | null;
}

export interface FilePage {
  readonly files: readonly FileRow[];
  readonly next_cursor: string | null;
}

export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

export const ROOT = basic('root', '');

/** Speaks to a test application as one user. */
export class Client {
  readonly #port: number;
  readonly #authorization: string;

  constructor({ port }: { readonly port: number }, authorization = ROOT) {
    this.#port = port;
    this.#authorization = authorization;
  }

  /** By fetch, which speaks HTTP as it should be spoken. */
  async send(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('authorization', this.#authorization);
    return fetch(`http://127.0.0.1:${String(this.#port)}${path}`, { ...init, headers });
  }

  async postJson(path: string, body: unknown): Promise<Response> {
    const headers = { 'content-type': 'application/json' };
    return this.send(path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  async createStage(stage: { readonly name: string } & Record<string, unknown>): Promise<Response> {
    return this.postJson('/v1/stages', stage);
  }

  /** Uploads a form of whole bytes as `PUT`, to the user's own stage unless a header says otherwise. */
  async upload(body: Buffer, headers: Headers = {}): Promise<RawAnswer> {
    return answered(await this.startUpload(headers, body));
  }

  /** The head of an upload and what is given of its body; more can be said on the connection. */
  async startUpload(headers: Headers = {}, body: Buffer | string = ''): Promise<RawConnection> {
    const isChunked = headers['transfer-encoding'] !== undefined;
    return this.start(
      'PUT /v1/upload_to_stage',
      {
        stage_name: '~',
        'content-type': FORM_TYPE,
        ...(isChunked ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
        ...headers,
      },
      body,
    );
  }

  /** Any request, header values as Latin-1 bytes. An empty header value leaves the header out. */
  async start(line: string, headers: Headers = {}, body: Buffer | string = ''): Promise<RawConnection> {
    const connection = await RawConnection.open(this.#port);
    await connection.write(Buffer.concat([this.head(line, headers), Buffer.from(body)]));
    return connection;
  }

  head(line: string, headers: Headers = {}): Buffer {
    const all = { host: 'localhost', authorization: this.#authorization, ...headers };
    const lines = Object.entries(all).filter(([, value]) => value !== '');
    const text = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    return Buffer.from(`${line} HTTP/1.1\r\n${text}\r\n`, 'latin1');
  }

  async request(line: string, headers: Headers = {}, body: Buffer | string = ''): Promise<RawAnswer> {
    return answered(await this.start(line, headers, body), !line.startsWith('HEAD '));
  }

  async page(stage: string, query = ''): Promise<FilePage> {
    const answer = await this.send(`/v1/stages/${stage}/files${query}`);
    expect(answer.status).toBe(200);
    return (await answer.json()) as FilePage;
  }

  async names(stage: string, query = ''): Promise<string[]> {
    return (await this.page(stage, query)).files.map((file) => file.name);
  }

  /** A file's content; undefined where there is no such file. */
  async content(stage: string, path: string): Promise<string | undefined> {
    const answer = await this.send(`/v1/stages/${stage}/files/${path}`);
    const text = await answer.text();
    return answer.status === 200 ? text : undefined;
  }
}

async function answered(connection: RawConnection, hasBody = true): Promise<RawAnswer> {
  try {
    return await connection.expectAnswer({ hasBody });
  } finally {
    connection.leave();
  }
}

export function success({ status, body }: RawAnswer): UploadAnswer {
  expect({ status, body: body.toString() }).toEqual({ status: 200, body: expect.any(String) as string });
  return JSON.parse(body.toString()) as UploadAnswer;
}
