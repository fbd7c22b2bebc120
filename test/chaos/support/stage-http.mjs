import { Agent } from 'node:http';

import { exchange } from './exchange.mjs';

const PAGE_ROWS = 1000;

/** Talks to a running server as root, by node:http with connections that are kept. */
export class StageHttp {
  #url;
  #authorization;
  #agent = new Agent({ keepAlive: true, maxFreeSockets: 64 });

  constructor(url, password = '') {
    this.#url = url;
    this.#authorization = `Basic ${Buffer.from(`root:${password}`).toString('base64')}`;
  }

  /** The answer to a request of `upload-requests.mjs`: see `exchange` for how it may be sent. */
  async send({ path, headers, ...request }, manner = {}) {
    const authorized = { authorization: this.#authorization, ...headers };
    const url = new URL(path, this.#url);
    return exchange(this.#agent, url, { ...request, ...manner, headers: authorized });
  }

  async json(method, path, body) {
    const pieces = body === undefined ? [] : [Buffer.from(JSON.stringify(body))];
    const length = body === undefined ? {} : { 'content-length': String(pieces[0].length) };
    const headers = { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...length };
    const answer = await this.send({ method, path, headers, pieces });
    return { status: answer.status, body: jsonOf(answer) };
  }

  async createStage(stage) {
    const { status, body } = await this.json('POST', '/v1/stages', stage);
    if (status !== 201 && status !== 200) throw new Error(`CREATE STAGE: ${status} ${JSON.stringify(body)}`);
  }

  /** Every row of LIST, page by page. */
  async list(stage) {
    const rows = [];
    for (let cursor = ''; cursor !== null;) {
      const query = new URLSearchParams({ limit: String(PAGE_ROWS), ...(cursor === '' ? {} : { cursor }) });
      const path = `/v1/stages/${encodeURIComponent(stage)}/files?${query}`;
      const { status, body } = await this.json('GET', path);
      if (status !== 200) throw new Error(`LIST: ${status} ${JSON.stringify(body)}`);
      rows.push(...body.files);
      cursor = body.next_cursor;
    }
    return rows;
  }

  /** The bytes of a file, or null where there is none. */
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

/** The JSON of an answer, or null where it is none. */
export function jsonOf({ bytes }) {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return null;
  }
}
