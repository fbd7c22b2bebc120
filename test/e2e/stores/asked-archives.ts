import { type Entry, entriesOf } from '../../unit/stages/archive/zip-entries.js';
import type { Client } from '../support/client.js';

/** Asks for an archive. */
export async function zip(client: Client, stage: string, query = ''): Promise<Response> {
  return client.send(`/v1/stages/${stage}/zip${query}`);
}

/** The entries of an archive that unzip and Python have found whole. */
export async function archived(client: Client, stage: string, query = ''): Promise<readonly Entry[]> {
  const answer = await zip(client, stage, query);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/zip']);
  return entriesOf(Buffer.from(await answer.arrayBuffer()));
}

/** Reads the rest of an answer. @returns what came, and whether the answer came to its end. */
export async function restOf(
  reader: ReadableStreamDefaultReader<Uint8Array>,
): Promise<{ readonly bytes: Buffer; readonly isWhole: boolean }> {
  const chunks: Uint8Array[] = [];
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) chunks.push(next.value);
    return { bytes: Buffer.concat(chunks), isWhole: true };
  } catch {
    return { bytes: Buffer.concat(chunks), isWhole: false };
  }
}
