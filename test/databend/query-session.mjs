/** @typedef {{ code: number, message: string, detail?: string }} QueryError */
/**
 * @typedef {object} Answer
 * @property {{ name: string, type: string }[]} columns
 * @property {(string | null)[][]} rows
 * @property {QueryError | undefined} error
 */
/**
 * What this client reads of an answer to POST /v1/query and of its pages.
 * @typedef {object} Page
 * @property {object | null} [session]
 * @property {Answer['columns']} [schema]
 * @property {Answer['rows']} [data]
 * @property {string | null} [next_uri]
 * @property {QueryError | null} [error]
 */

/** One session over Databend's protocol: what an answer says of the session goes with the next statement, as clients do it. */
export class QuerySession {
  /** @type {object | undefined} */
  #session;

  /**
   * @param {string} url
   * @param {string} token
   */
  constructor(url, token) {
    this.url = url;
    this.token = token;
  }

  /**
   * Signs in as root, without a password.
   *
   * @param {string} url
   */
  static async open(url) {
    const authorization = `Basic ${Buffer.from('root:').toString('base64')}`;
    const headers = { authorization, 'content-type': 'application/json' };
    const answer = await fetch(`${url}/v1/session/login`, { method: 'POST', headers, body: '{}' });
    const text = await answer.text();
    const { tokens } = /** @type {{ tokens?: { session_token: string } }} */ (JSON.parse(text));
    if (tokens === undefined) throw new Error(`the sign-in was answered with ${text}`);
    return new QuerySession(url, tokens.session_token);
  }

  /**
   * Runs one statement, and reads all of its pages.
   *
   * @param {string} sql
   * @returns {Promise<Answer>}
   */
  async run(sql) {
    /** @type {Answer} */
    const answer = { columns: [], rows: [], error: undefined };
    const body = JSON.stringify({ sql, session: this.#session });
    let page = await this.#ask('/v1/query', { method: 'POST', body });
    for (;;) {
      if (page.session) this.#session = page.session;
      if (answer.columns.length === 0) answer.columns = page.schema ?? [];
      answer.rows.push(...(page.data ?? []));
      if (page.error) return { ...answer, error: page.error };
      if (!page.next_uri) return answer;
      page = await this.#ask(page.next_uri, { method: 'GET' });
    }
  }

  /**
   * @param {string} path
   * @param {RequestInit} init
   * @returns {Promise<Page>}
   */
  async #ask(path, init) {
    const headers = { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' };
    const answer = await fetch(`${this.url}${path}`, { ...init, headers });
    const page = /** @type {Page} */ (await answer.json());
    if (!answer.ok && !page.error) throw new Error(`${path} was answered with ${answer.status}`);
    return page;
  }
}
