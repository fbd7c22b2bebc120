import { Agent } from 'node:http';

import { exchange } from './exchange.mjs';

/** @import { Manner, Request } from './exchange.mjs' */

/** @typedef {{ name: string, size: number, md5: string | null, creator?: string | null }} ListedFile */
/** @typedef {{ files: ListedFile[], next_cursor: string | null }} ListPage */
/** @typedef {{ state?: unknown, files?: readonly unknown[], error?: { code?: unknown, message?: unknown } }} AnswerBody */

const PAGE_ROWS = 1000;

/** Talks to a running server as root, by node:http with connections that are kept. */
export class StageHttp {
  #url;
  #authorization;
  #agent = new Agent({ keepAlive: true, maxFreeSockets: 64 });

  /**
   * @param {string} url
   * @param {string} [password]
   */
  constructor(url, password = '') {
    this.#url = url;
    this.#authorization = `Basic ${Buffer.from(`root:${password}`).toString('base64')}`;
  }

  /**
   * The answer to a request of `upload-requests.mjs`: see `exchange` for how it may be sent.
   * @param {Request & { path: string }} request
   * @param {Manner} [manner]
   */
  async send({ path, headers, ...request }, manner = {}) {
    const authorized = { authorization: this.#authorization, ...headers };
    const url = new URL(path, this.#url);
    return exchange(this.#agent, url, { ...request, ...manner, headers: authorized });
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {unknown} [body]
   */
  async json(method, path, body) {
    const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const about = { 'content-type': 'application/json', 'content-length': String(bytes?.length) };
    const headers = bytes === undefined ? {} : about;
    const answer = await this.send({ method, path, headers, pieces: bytes === undefined ? [] : [bytes] });
    return { status: answer.status, body: jsonOf(answer) };
  }

  /** @param {{ name: string, url?: string, connection?: Readonly<Record<string, string>> }} stage */
  async createStage(stage) {
    const { status, body } = await this.json('POST', '/v1/stages', stage);
    if (status !== 201 && status !== 200) throw new Error(`CREATE STAGE: ${status} ${JSON.stringify(body)}`);
  }

  /**
   * Every row of LIST, page by page.
   * @param {string} stage
   */
  async list(stage) {
    /** @type {ListedFile[]} */
    const rows = [];
    for (let cursor = /** @type {string | null} */ (''); cursor !== null;) {
      const query = new URLSearchParams({ limit: String(PAGE_ROWS), ...(cursor === '' ? {} : { cursor }) });
      const path = `/v1/stages/${encodeURIComponent(stage)}/files?${query}`;
      const { status, body } = await this.json('GET', path);
      if (status !== 200) throw new Error(`LIST: ${status} ${JSON.stringify(body)}`);
      const page = /** @type {ListPage} */ (body);
      rows.push(...page.files);
      cursor = page.next_cursor;
    }
    return rows;
  }

  /**
   * The bytes of a file, or null where there is none.
   * @param {string} stage
   * @param {string} name
   */
  async download(stage, name) {
    const file = name.split('/').map(encodeURIComponent).join('/');
    const path = `/v1/stages/${encodeURIComponent(stage)}/files/${file}`;
    const { status, bytes } = await this.send({ path });
    if (status === 404) return null;
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${bytes.toString()}`);
    return bytes;
  }

  close() {
    this.#agent.destroy();
  }
}

/**
 * The JSON of an answer, or null where it is none.
 * @param {{ bytes: Buffer }} answer
 * @returns {AnswerBody | null}
 */
export function jsonOf({ bytes }) {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return null;
  }
}
