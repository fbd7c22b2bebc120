import type { Client } from './client.js';

export interface QueryAnswer {
  readonly id: string;
  readonly state: string;
  readonly session: Readonly<Record<string, unknown>> | null;
  readonly error: { readonly code: number; readonly kind: string; readonly message: string } | null;
  readonly has_result_set: boolean;
  readonly schema: readonly { readonly name: string; readonly type: string }[];
  /** How values are written in cells. */
  readonly settings: Readonly<Record<string, string>>;
  readonly data: readonly (readonly (string | null)[])[];
  readonly stats_uri: string | null;
  readonly final_uri: string | null;
  readonly next_uri: string | null;
  readonly kill_uri: string | null;
}

export interface QueryOptions {
  readonly id?: string;
  readonly session?: object;
  readonly pagination?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Speaks SQL to a test application, as Databend's clients do. */
export class SqlClient {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  async post(sql: string, { id, headers, ...body }: QueryOptions = {}): Promise<Response> {
    return this.#client.send('/v1/query', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(id === undefined ? {} : { 'x-databend-query-id': id }),
        ...headers,
      },
      body: JSON.stringify({ sql, ...body }),
    });
  }

  /** The first answer, whether the statement went well or not. */
  async answer(sql: string, options?: QueryOptions): Promise<QueryAnswer> {
    return answerOf(await this.post(sql, options));
  }

  /** The first answer of a statement that goes well. */
  async run(sql: string, options?: QueryOptions): Promise<QueryAnswer> {
    const answer = await this.answer(sql, options);
    expect({ sql, error: answer.error }).toEqual({ sql, error: null });
    return answer;
  }

  async page(uri: string): Promise<QueryAnswer> {
    return answerOf(await this.#client.send(uri));
  }

  /** Every row, page by page. */
  async rows(sql: string, options?: QueryOptions): Promise<(readonly (string | null)[])[]> {
    let answer = await this.run(sql, options);
    const rows = [...answer.data];
    while (answer.next_uri !== null) {
      answer = await this.page(answer.next_uri);
      expect(answer.error).toBeNull();
      rows.push(...answer.data);
    }
    return rows;
  }

  /** A statement that fails, under status 200 as clients need it. */
  async failure(
    sql: string,
    options?: QueryOptions,
  ): Promise<{ readonly code: number; readonly message: string }> {
    const { state, error, data } = await this.answer(sql, options);
    expect({ sql, state, data }).toEqual({ sql, state: 'Failed', data: [] });
    if (error === null) throw new TypeError(`${sql} did not fail`);
    const { kind, ...databends } = error;
    expect(kind).toMatch(/^[A-Z][A-Za-z]+$/);
    return databends;
  }
}

async function answerOf(answer: Response): Promise<QueryAnswer> {
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  return (await answer.json()) as QueryAnswer;
}
