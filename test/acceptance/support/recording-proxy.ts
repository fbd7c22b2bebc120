import { once } from 'node:events';
import {
  createServer,
  request,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer, text } from 'node:stream/consumers';

/** One request that passed through, and its answer. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly status: number;
  readonly answer: string;
}

type Answer = Pick<Exchange, 'status' | 'answer'>;

/** Gives the client another answer than the server's. */
export type Interference = (exchange: Exchange) => Answer;

export interface RecordingProxy {
  readonly url: string;
  readonly exchanges: readonly Exchange[];
  /** Those of a method and the beginning of a path. */
  seen(method: string, path: string): readonly Exchange[];
  /** The statements that the client has sent. */
  statements(): readonly string[];
  interfere(interference: Interference): void;
  close(): Promise<void>;
}

/** Stands between a client and a server, and hands on requests with all their headers: also the Host. */
export async function recordingProxy(serverUrl: string): Promise<RecordingProxy> {
  const exchanges: Exchange[] = [];
  let interference: Interference = (exchange) => exchange;
  const server = createServer((incoming, outgoing) => {
    void handOn(serverUrl, incoming).then(
      (exchange) => {
        exchanges.push(exchange);
        answerWith(outgoing, interference(exchange));
      },
      (error: unknown) => outgoing.destroy(error instanceof Error ? error : undefined),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    exchanges,
    seen: (method, path) => exchanges.filter((one) => one.method === method && one.path.startsWith(path)),
    statements: () => exchanges.flatMap(({ path, body }) => (path === '/v1/query' ? [sqlOf(body)] : [])),
    interfere: (next) => (interference = next),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function handOn(serverUrl: string, incoming: IncomingMessage): Promise<Exchange> {
  const { method = '', url: path = '', headers } = incoming;
  const body = await buffer(incoming);
  const outgoing = request(new URL(path, serverUrl), { method, headers, agent: false }).end(body);
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  const status = answer.statusCode ?? 0;
  return { method, path, headers, body: body.toString(), status, answer: await text(answer) };
}

function answerWith(outgoing: ServerResponse, { status, answer }: Answer): void {
  outgoing.writeHead(status, { 'content-type': 'application/json' }).end(answer);
}

function sqlOf(body: string): string {
  return (JSON.parse(body) as { sql: string }).sql;
}
