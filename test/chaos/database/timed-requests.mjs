import { jsonOf, StageHttp } from '../support/stage-http.mjs';

/** @import { Answer, Request } from '../support/exchange.mjs' */

/** @typedef {{ path: string } & Request} TimedRequest */
/** @typedef {{ tokens: { session_token: string } }} Login */
/** @typedef {{ url: string }} Presigned */
/** @typedef {{ error: { kind?: string, message?: string } | null, data: string[][], next_uri: string | null }} QueryPage */

/** 503 with a word when to come again: the only answer that is not right, and may come while the database is away. */
export class Refusal extends Error {
  /**
   * @param {string} text
   * @param {number} began when the request was sent, on the clock of `performance`
   */
  constructor(text, began) {
    super(text);
    this.began = began;
    this.ended = performance.now();
  }
}

/** The requests of one client, each of which gets what was asked for, or throws a Refusal; and how long it has waited. */
export class TimedRequests {
  requests = 0;
  longestMs = 0;
  #http;

  /**
   * @param {string} url
   * @param {string} password
   */
  constructor(url, password) {
    this.#http = new StageHttp(url, password);
  }

  /**
   * @param {TimedRequest} request
   * @returns {Promise<Answer>}
   * @throws Refusal
   */
  async send(request) {
    const began = performance.now();
    this.requests += 1;
    try {
      const answer = await this.#http.send(request);
      const { status, headers } = answer;
      if (status === 200 || status === 201) return answer;
      const place = `${request.method ?? 'GET'} ${request.path.slice(0, 80)}`;
      const text = `${place}: ${status} ${answer.bytes.toString().slice(0, 300)}`;
      if (status === 503 && headers['retry-after'] !== undefined) throw new Refusal(text, began);
      throw new Error(text);
    } finally {
      this.longestMs = Math.max(this.longestMs, performance.now() - began);
    }
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {unknown} [body]
   * @param {Readonly<Record<string, string>>} [headers]
   * @returns {Promise<unknown>} of which the caller knows what it is
   */
  async json(method, path, body, headers = {}) {
    const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const about =
      bytes === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': String(bytes.length) };
    const pieces = bytes === undefined ? [] : [bytes];
    return jsonOf(await this.send({ method, path, headers: { ...about, ...headers }, pieces }));
  }

  /**
   * All rows of a statement, page by page.
   *
   * @param {string} sql
   * @param {number} rowsPerPage
   * @param {Readonly<Record<string, string>>} [headers]
   * @returns {Promise<string[][]>}
   */
  async rows(sql, rowsPerPage, headers) {
    const statement = { sql, pagination: { max_rows_per_page: rowsPerPage } };
    const rows = [];
    let page = /** @type {QueryPage} */ (await this.json('POST', '/v1/query', statement, headers));
    for (;;) {
      if (page.error !== null) throw new Error(`${sql}: ${page.error.kind}: ${page.error.message}`);
      rows.push(...page.data);
      if (page.next_uri === null) return rows;
      page = /** @type {QueryPage} */ (await this.json('GET', page.next_uri, undefined, headers));
    }
  }

  close() {
    this.#http.close();
  }
}
