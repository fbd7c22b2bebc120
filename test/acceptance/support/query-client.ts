import { randomUUID } from 'node:crypto';

/** What the tests read of an answer to POST /v1/query and its pages. */
export interface QueryAnswer {
  readonly id: string;
  readonly state: string;
  readonly error: { readonly code: number; readonly message: string } | null;
  readonly schema: readonly { readonly name: string; readonly type: string }[];
  readonly data: readonly (readonly (string | null)[])[];
  readonly next_uri: string | null;
}

/** Speaks Databend's query protocol by plain HTTP, as one user of one server. */
export class QueryClient {
  constructor(
    private readonly url: string,
    private readonly authorization = `Basic ${Buffer.from('root:').toString('base64')}`,
  ) {}

  /** The same statement protocol with a session token. */
  withToken(token: string): QueryClient {
    return new QueryClient(this.url, `Bearer ${token}`);
  }

  async send(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('authorization', this.authorization);
    return fetch(`${this.url}${path}`, { ...init, headers });
  }

  async post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    const init = { method: 'POST', body: JSON.stringify(body) };
    return this.send(path, { ...init, headers: { ...headers, 'content-type': 'application/json' } });
  }

  /** The first page of a statement's result. */
  async start(sql: string, maxRowsPerPage?: number): Promise<QueryAnswer> {
    const pagination = maxRowsPerPage === undefined ? undefined : { max_rows_per_page: maxRowsPerPage };
    const headers = { 'x-databend-query-id': randomUUID().replaceAll('-', '') };
    return answerOf(await this.post('/v1/query', { sql, pagination }, headers));
  }

  async page(uri: string): Promise<QueryAnswer> {
    return answerOf(await this.send(uri));
  }

  /** All rows of a statement that must succeed. */
  async rows(sql: string): Promise<QueryAnswer['data']> {
    const rows: (readonly (string | null)[])[] = [];
    for (let answer = await this.start(sql); ; answer = await this.page(answer.next_uri)) {
      expect(answer.error).toBeNull();
      rows.push(...answer.data);
      if (answer.next_uri === null) return rows;
    }
  }
}

async function answerOf(response: Response): Promise<QueryAnswer> {
  expect(response.status).toBe(200);
  return (await response.json()) as QueryAnswer;
}
