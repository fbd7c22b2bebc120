import { once } from 'node:events';
import {
  createServer,
  request,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** What becomes of an upload: its answer is lost, it is refused for so many seconds, or it is handed on. */
export type Fate = 'answerIsLost' | { readonly busySeconds: number } | 'handedOn';

export interface SeenUpload {
  readonly headers: IncomingHttpHeaders;
  /** Of the upload as the server knows it; undefined where the server has not seen it. */
  readonly uploadId: string | undefined;
}

export interface UnreliableProxy {
  readonly url: string;
  /** All PUTs, in order. */
  readonly uploads: readonly SeenUpload[];
  close(): Promise<void>;
}

/** Stands before a server. The PUTs have these fates in turn, and later ones the last of them. */
export async function unreliableProxy(serverUrl: string, fates: readonly Fate[]): Promise<UnreliableProxy> {
  const uploads: SeenUpload[] = [];
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const body = await buffer(incoming);
    const fate = incoming.method === 'PUT' ? (fates[uploads.length] ?? fates.at(-1)) : 'handedOn';
    if (typeof fate === 'object') {
      uploads.push({ headers: incoming.headers, uploadId: undefined });
      refuse(outgoing, fate.busySeconds);
      return;
    }
    const answered = await handOn(serverUrl, incoming, body);
    if (incoming.method === 'PUT') {
      const uploadId = answered.headers['x-stagedoor-upload-id'];
      uploads.push({ headers: incoming.headers, uploadId: String(uploadId) });
    }
    if (fate === 'answerIsLost') outgoing.destroy();
    else outgoing.writeHead(answered.statusCode ?? 0, answered.headers).end(await buffer(answered));
  };
  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch((error: unknown) => {
      outgoing.destroy(error instanceof Error ? error : undefined);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    uploads,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function refuse(outgoing: ServerResponse, seconds: number): void {
  const headers = { 'content-type': 'application/json', 'retry-after': String(seconds) };
  outgoing.writeHead(503, headers).end('{"error":{"code":503,"message":"Too many uploads."}}');
}

async function handOn(
  serverUrl: string,
  { method, url = '', headers }: IncomingMessage,
  body: Buffer,
): Promise<IncomingMessage> {
  const outgoing = request(new URL(url, serverUrl), { method, headers, agent: false }).end(body);
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  return answer;
}
