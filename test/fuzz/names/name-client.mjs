import { Agent, request } from 'node:http';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';

const AUTHORIZATION = `Basic ${Buffer.from('root:').toString('base64')}`;
const BOUND_MS = 15_000;

/**
 * Sends requests as they are, without cleaning a path, and looks at every answer: none may hold what only canaries hold,
 * and none may be an error of the server's own.
 */
export class NameClient {
  requests = 0;
  statuses = {};
  #agent = new Agent({ keepAlive: true });
  #port;
  #secrets;
  #report;

  /** @param report is called with what is wrong. */
  constructor(port, secrets, report) {
    this.#port = port;
    this.#secrets = secrets;
    this.#report = report;
  }

  /** @returns `{ status, body, json }`, or undefined where a client cannot even send such a request. */
  async send(method, path, { headers = {}, body } = {}) {
    let answer;
    try {
      answer = await this.#exchange(method, path, headers, body);
    } catch (error) {
      if (/^ERR_(UNESCAPED|INVALID_CHAR|HTTP_INVALID)/.test(error.code ?? '')) return undefined;
      this.#report(`${method} ${path.slice(0, 200)}: no answer (${error.code ?? error.name})`);
      return undefined;
    }
    this.#judge(method, path, answer);
    return answer;
  }

  async sendJson(method, path, json) {
    return this.send(method, path, {
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify(json)),
    });
  }

  close() {
    this.#agent.destroy();
  }

  async #exchange(method, path, headers, body) {
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
    const [incoming] = await once(outgoing, 'response');
    const bytes = await buffer(incoming);
    return { status: incoming.statusCode, headers: incoming.headers, bytes };
  }

  #judge(method, path, { status, headers, bytes }) {
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

/** What an answer says, or undefined where it says nothing in JSON. */
export function jsonOf(answer) {
  try {
    return JSON.parse(answer.bytes.toString());
  } catch {
    return undefined;
  }
}
