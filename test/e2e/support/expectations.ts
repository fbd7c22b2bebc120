import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from './client.js';
import { filePart, form } from './form.js';
import type { RawAnswer } from './raw-connection.js';
import type { TestApp } from './test-app.js';

export interface ErrorBody {
  readonly error: { readonly code: number; readonly kind: string; readonly message: string };
  readonly files?: readonly string[];
}

export interface ExpectedError {
  readonly status: number;
  /** Databend's; the status where it has none. */
  readonly code?: number;
  readonly kind?: string;
  readonly message: RegExp;
}

/** What betrays the server's inside: frames of a stack, and where its code lies. */
const INSIDE = /\n\s+at |node_modules|\.[jt]s:\d+|node:internal/;

/** An error as every client gets it: JSON of one shape, and a sentence that says what to do. */
export async function expectError(
  answer: RawAnswer | Response,
  { status, code = status, kind, message }: ExpectedError,
): Promise<ErrorBody> {
  const text = answer instanceof Response ? await answer.text() : answer.body.toString();
  expect({ status: answer.status, text }).toEqual({ status, text: expect.any(String) as string });
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  const body = JSON.parse(text) as ErrorBody;
  expect(body.error).toEqual({
    code,
    kind: kind ?? (expect.stringMatching(/^[A-Z][A-Za-z]+$/) as string),
    message: expect.stringMatching(message) as string,
  });
  expect(Object.keys(body).filter((name) => name !== 'files')).toEqual(['error']);
  expect(text).not.toMatch(INSIDE);
  return body;
}

/** Every file below the internal storage, finished or not, relative to it. */
export async function storedFiles({ dataDir }: Pick<TestApp, 'dataDir'>): Promise<string[]> {
  return filesBelow(join(dataDir, 'internal'));
}

/** A folder that is not there holds none; one that cannot be read fails the test. */
export async function filesBelow(folder: string): Promise<string[]> {
  const reading = readdir(folder, { recursive: true, withFileTypes: true });
  const entries = await reading.catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
  const files = entries.filter((entry) => !entry.isDirectory());
  return files.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)).sort();
}

/** Nothing of a refused upload is to be seen, nor to be found on the disk, and the server still takes a file. */
export async function expectNothingStays(testApp: TestApp): Promise<void> {
  const client = new Client(testApp);
  await eventually(async () => {
    expect(await storedFiles(testApp)).toEqual([]);
  });
  expect(await client.names('~')).toEqual([]);
  expect((await client.upload(form(filePart('still-serving')))).status).toBe(200);
  expect(await client.names('~')).toEqual(['still-serving']);
  await client.send('/v1/stages/~/files?prefix=', { method: 'DELETE' });
}

/** Until a check holds; the test's own time limit ends the wait, and the last failure is then the word. */
export async function eventually(check: () => void | Promise<void>): Promise<void> {
  const attempts = 200;
  for (let attempt = 1; ; attempt++) {
    try {
      await check();
      return;
    } catch (error) {
      if (attempt === attempts) throw error;
      await delay(50);
    }
  }
}
