import { once } from 'node:events';
import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { request } from 'node:https';

export interface TlsAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export interface TlsRequest {
  readonly method?: string;
  readonly url: string;
  readonly headers?: OutgoingHttpHeaders;
  /** PEM of whom to trust. */
  readonly ca: string;
}

/** A request that is still to be written, on a connection of its own. */
export function openTls({ method = 'GET', url, headers = {}, ca }: TlsRequest): ClientRequest {
  return request(url, { method, headers, ca, agent: false });
}

export async function sendTls(what: TlsRequest, body?: Buffer): Promise<TlsAnswer> {
  const sending = openTls(what);
  const answer = answerTo(sending);
  sending.end(body);
  return answer;
}

export async function answerTo(sending: ClientRequest): Promise<TlsAnswer> {
  const [response] = (await once(sending, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) };
}
