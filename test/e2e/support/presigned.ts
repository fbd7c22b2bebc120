import type { Client, Headers } from './client.js';

/** A presigned URL as the service hands it out. */
export interface PresignedUrl {
  readonly method: 'GET' | 'PUT';
  readonly url: string;
  readonly headers: Headers;
  readonly expires_at: string;
}

export async function presigned(
  client: Client,
  stage: string,
  asked: Readonly<Record<string, unknown>>,
): Promise<PresignedUrl> {
  const answer = await client.postJson(`/v1/stages/${stage}/presign`, asked);
  expect(answer.status).toBe(200);
  return (await answer.json()) as PresignedUrl;
}

/** As a stock client does: the URL, its method, its headers, and no credentials. */
export async function follow(
  { url, method, headers }: PresignedUrl,
  content?: string | Uint8Array<ArrayBuffer>,
): Promise<Response> {
  const body = method === 'PUT' ? { body: new Blob([content ?? '']) } : {};
  return fetch(url, { method, headers, ...body });
}
