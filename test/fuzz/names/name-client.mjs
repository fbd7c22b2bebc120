import { Agent, request } from 'node:http';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';

import { codeOf } from '../../../scripts/lib/error-facts.mjs';

/** @import { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http' */

/** @typedef {{ status: number, headers: IncomingHttpHeaders, bytes: Buffer }} NameAnswer */
/** @typedef {{ headers?: OutgoingHttpHeaders, body?: Buffer }} NameRequest */
/**
 * What answers in JSON may say.
 *
 * @typedef {object} AnswerBody
 * @property {{ name: string }[]} [files]
 * @property {number} [removed]
 * @property {string} [url]
 * @property {string[][]} [data]
 * @property {{ message?: string }} [error]
 */

const AUTHORIZATION = `Basic ${Buffer.from('root:').toString('base64')}`;
const BOUND_MS = 15_000;

/**
 * Sends requests as they are, without cleaning a path, and looks at every answer: none may hold what only canaries hold,
 * and none may be an error of the server's own.
 */
export class NameClient {
  requests = 0;
  /** @type {Record<string, number>} */
  statuses = {};
  #agent = new Agent({ keepAlive: true });
  #port;
  #secrets;
  #report;

  /**
   * @param {number} port
   * @param {readonly string[]} secrets
   * @param {(problem: string) => void} report is called with what is wrong.
   */
  constructor(port, secrets, report) {
    this.#port = port;
    this.#secrets = secrets;
    this.#report = report;
  }

  /**
   * The answer, or undefined where a client cannot even send such a request.
   *
   * @param {string} method
   * @param {string} path
   * @param {NameRequest} [request]
   */
  async send(method, path, request = {}) {
    let answer;
    try {
      answer = await this.#exchange(method, path, request);
    } catch (error) {
      const code = String(codeOf(error) ?? '');
      if (/^ERR_(UNESCAPED|INVALID_CHAR|HTTP_INVALID)/.test(code)) return undefined;
      this.#report(`${method} ${path.slice(0, 200)}: no answer (${code || String(error)})`);
      return undefined;
    }
    this.#check(method, path, answer);
    return answer;
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {unknown} json
   */
  async sendJson(method, path, json) {
    return this.send(method, path, {
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify(json)),
    });
  }

  close() {
    this.#agent.destroy();
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {NameRequest} request
   * @returns {Promise<NameAnswer>}
   */
  async #exchange(method, path, { headers = {}, body }) {
    const length = body === undefined ? {} : { 'content-length': body.length };
    const outgoing = request({
      host: '127.0.0.1',
      port: this.#port,
      agent: this.#agent,
      method,
      path,
      headers: { authorization: AUTHORIZATION, ...length, ...headers },
      signal: AbortSignal.timeout(BOUND_MS),
    });
    outgoing.end(body);
    // What `response` brings is Node's promise.
    const [incoming] = /** @type {[IncomingMessage]} */ (await once(outgoing, 'response'));
    const bytes = await buffer(incoming);
    return { status: incoming.statusCode ?? 0, headers: incoming.headers, bytes };
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {NameAnswer} answer
   */
  #check(method, path, { status, headers, bytes }) {
    this.requests++;
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
    const where = `${method} ${path.slice(0, 200)}: ${status}`;
    const isBusy = status === 503 && headers['retry-after'] !== undefined;
    if (status >= 500 && !isBusy) this.#report(`${where} ${bytes.toString().slice(0, 300)}`);
    const told = bytes.toString('latin1') + JSON.stringify(headers);
    for (const secret of this.#secrets) {
      if (told.includes(secret)) this.#report(`${where} tells what lies outside of the stage (${secret})`);
    }
  }
}

/**
 * What an answer says, or undefined where it says nothing in JSON.
 * @param {NameAnswer | undefined} answer
 * @returns {AnswerBody | undefined}
 */
export function jsonOf(answer) {
  try {
    return answer && JSON.parse(answer.bytes.toString());
  } catch {
    return undefined;
  }
}
