import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { Request } from 'express';
import { codingOf } from './content-coding.js';
import { declaresBody } from './declares-body.js';
import { RequestError } from './request-error.js';
import { readUnlessFault, assertNoFault, reportFault } from './request-fault.js';

const LIMIT_BYTES = 1024 * 1024;
/** Express setting: maximum time in milliseconds until a JSON body is complete. */
export const JSON_BODY_TIMEOUT = 'json body timeout';
/** Maximum nesting. Deeper bodies are meant to exhaust the stack of recursive code. */
const MAX_DEPTH = 100;

/**
 * Reads a request's body as JSON, only after the request was accepted. Rejects a body that is too large at once,
 * without reading it to its end.
 *
 * @returns undefined if there is no body.
 * @throws RequestError whose message repeats nothing of the body, which may contain a secret.
 */
export async function jsonBody(request: Request): Promise<unknown> {
  const { headers } = request;
  if (Number(headers['content-length'] ?? 0) > LIMIT_BYTES) throw tooLarge();
  if (!declaresBody(request)) {
    assertNoFault(request);
    return undefined;
  }
  if (!/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')) {
    throw new RequestError('NotJson', 'Send JSON, with Content-Type: application/json.');
  }
  const coding = codingOf(headers);
  if (coding !== undefined) {
    throw new RequestError('NotJson', `Send JSON as it is, without ${coding}.`);
  }
  return parsed(await readInTime(request));
}

async function readInTime(request: Request): Promise<Buffer> {
  const limitMs = request.app.get(JSON_BODY_TIMEOUT) as number; // set by `createApp`
  const timer = setTimeout(() => {
    const message = `The body of JSON was not whole within ${String(limitMs / 1000)} seconds: send it again.`;
    reportFault(request, new RequestError('BodyTooSlow', message));
  }, limitMs);
  try {
    return await readUnlessFault(request, bytesOf(request));
  } finally {
    clearTimeout(timer);
  }
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Destroying the request would also destroy the answer.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const bytes = chunk as Buffer; // no encoding is set
    length += bytes.length;
    if (length > LIMIT_BYTES) throw tooLarge();
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

function parsed(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  const text = bytes.toString();
  if (depthOf(text) > MAX_DEPTH) {
    throw new RequestError(
      'MalformedJson',
      `The JSON is nested too deeply: ${String(MAX_DEPTH)} levels are the most.`,
    );
  }
  try {
    if (isUtf8(bytes)) return JSON.parse(text);
  } catch {
    // reported below, as for invalid UTF-8
  }
  throw new RequestError('MalformedJson', 'The body is not valid JSON in UTF-8.');
}

/** Returns the nesting depth of brackets outside strings. */
function depthOf(text: string): number {
  let [depth, deepest] = [0, 0];
  let isInString = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (isInString && character === '\\') index++;
    else if (character === '"') isInString = !isInString;
    else if (isInString) continue;
    else if (character === '[' || character === '{') deepest = Math.max(deepest, ++depth);
    else if (character === ']' || character === '}') depth--;
  }
  return deepest;
}

function tooLarge(): RequestError {
  return new RequestError('BodyTooLarge', 'A body of JSON may have at most 1 MiB.');
}
