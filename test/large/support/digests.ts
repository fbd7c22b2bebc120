import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

import type { StageClient } from '../../acceptance/support/stage-client.js';

export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1024 ** 2 }), hash);
  return hash.digest('hex');
}

/** Of a file as the server gives it, without keeping it. */
export async function sha256OfDownload(client: StageClient, stage: string, path: string): Promise<string> {
  const answer = await client.send(`/v1/stages/${stage}/files/${path}`);
  expect(answer.status).toBe(200);
  const hash = createHash('sha256');
  if (answer.body !== null) await pipeline(answer.body, hash);
  return hash.digest('hex');
}
