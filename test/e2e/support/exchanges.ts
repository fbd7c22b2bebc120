import { once } from 'node:events';
import { Agent, request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { ROOT, type Headers } from './client.js';

export interface Exchanged {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Requests over kept connections, with paths as they are: `fetch` would clean `.` and `..` out of them. */
export class Exchanges {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 8 });
  readonly #port: number;

  constructor({ port }: { readonly port: number }) {
    this.#port = port;
  }

  async send(method: string, path: string, headers: Headers = {}, body = ''): Promise<Exchanged> {
    const outgoing = request({
      host: '127.0.0.1',
      port: this.#port,
      agent: this.#agent,
      method,
      path,
      headers: { authorization: ROOT, 'content-length': String(Buffer.byteLength(body)), ...headers },
    });
    outgoing.end(body);
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage]; // as Node has it
    const text = (await buffer(answer)).toString();
    return { status: answer.statusCode ?? 0, headers: answer.headers, text };
  }

  close(): void {
    this.#agent.destroy();
  }
}
