import { isUtf8 } from 'node:buffer';
import { promisify } from 'node:util';
import express, { type Request, type Response } from 'express';
import { AppError } from './app-error.js';

/** Why a request's JSON body cannot be used. */
export type BodyErrorKind = 'NotJson' | 'MalformedJson' | 'BodyTooLarge';

export class BodyError extends AppError<BodyErrorKind> {}

const LIMIT = '1mb';
const parse: (request: Request, response: Response) => Promise<void> = promisify(
  express.json({ limit: LIMIT, strict: false, verify: refuseOtherBytes }),
);

/**
 * Reads a request's body as JSON, when the request has been let in and not before.
 *
 * @throws BodyError; its words repeat nothing of the body, which may hold a secret.
 */
export async function jsonBody(request: Request, response: Response): Promise<unknown> {
  if (request.is('application/json') === false) {
    throw new BodyError('NotJson', 'Send JSON, with Content-Type: application/json.');
  }
  try {
    await parse(request, response);
  } catch (error) {
    const isTooLarge = error instanceof Error && 'type' in error && error.type === 'entity.too.large';
    if (isTooLarge) throw new BodyError('BodyTooLarge', 'A body of JSON may have at most 1 MiB.');
    throw new BodyError('MalformedJson', 'The body is not valid JSON in UTF-8.');
  }
  return request.body;
}

/** A decoder would put U+FFFD in the place of bytes that are no UTF-8, and nobody would know of them. */
function refuseOtherBytes(_request: unknown, _response: unknown, body: Buffer, charset: string): void {
  if (charset === 'utf-8' && !isUtf8(body))
    throw new BodyError('MalformedJson', 'The body is not valid UTF-8.');
}
