import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import { clientSignal } from '../../http/request/client-signal.js';
import { sendBody, sendBytes } from '../../http/request/send-body.js';
import { tellDownload } from '../../http/request/request-facts.js';
import type { ListedKey } from '../../storage/contract/listed-key.js';
import { ShortBody } from '../../storage/contract/short-body.js';
import { StorageError, type StorageErrorKind } from '../../storage/contract/storage-error.js';
import type { ByteRange, ObjectBody, ObjectStat } from '../../storage/contract/storage-provider.js';
import {
  conditionFailed,
  fileConditions,
  rangeApplies,
  evaluateConditions,
  type FileConditions,
} from './conditions/file-conditions.js';
import { secondsOf } from './conditions/http-date.js';
import { requestedRange, bodyHeaders, fileHeaders, type Headers } from './download-headers.js';
import type { OpenedStage, StageService } from './stage.service.js';
import { isOn } from '../../config/shortcuts.js';

/** A file to send to a client. */
export interface FileDownload {
  readonly stage: OpenedStage;
  readonly name: ListedKey;
  /** Sent if no file has the first name. */
  readonly otherwise?: ListedKey | undefined;
}

/** Attempts to open a file that changes between its stat and its read. */
const ATTEMPTS = 10;

const sendFrom = isOn('answer-pipe')
  ? sendBodyOrBytes
  : (body: Readable, response: Response): Promise<void> => pipeline(body, response);

/** Answers HEAD with the headers of GET for the whole file. */
export async function sendFileHeaders(
  stages: StageService,
  download: FileDownload,
  request: Request,
  response: Response,
): Promise<void> {
  const conditions = fileConditions(request.headers) ?? {};
  const stat = await statOf(stages, download, clientSignal(response));
  if (isNotModified(conditions, stat)) response.status(304);
  else response.set('content-length', String(stat.size));
  setHeaders(response, fileHeaders(await stages.withContentType(download.stage, stat)));
  response.end();
}

/** Answers GET with the file, the requested range of it, or 304. */
export async function sendFile(
  stages: StageService,
  download: FileDownload,
  request: Request,
  response: Response,
): Promise<void> {
  const signal = clientSignal(response);
  const conditions = fileConditions(request.headers);
  const requested = requestedRange(request);
  const ifRange = requested === undefined ? undefined : request.headers['if-range']?.toString();
  const send = (file: ObjectBody, range: ByteRange | undefined): Promise<void> => {
    const isPartial = range !== undefined && file.range.end >= file.range.start;
    tellDownload(response, {
      stageKind: download.stage.stage.kind,
      bytes: file.range.end - file.range.start + 1,
    });
    response.status(isPartial ? 206 : 200);
    setHeaders(response, fileHeaders(file.stat));
    setHeaders(response, bodyHeaders(file, isPartial));
    return sendFrom(file.body, response);
  };
  if (conditions === undefined && ifRange === undefined) {
    await send(await open(stages, download, requested, signal), requested);
    return;
  }
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const stat = await statOf(stages, download, signal);
    if (isNotModified(conditions ?? {}, stat)) {
      setHeaders(response.status(304), fileHeaders(stat));
      response.end();
      return;
    }
    const range = rangeApplies(ifRange, stat) ? requested : undefined;
    const file = await open(stages, download, range, signal);
    if (isSame(file.stat, stat)) {
      await send(file, range);
      return;
    }
    file.body.destroy(); // replaced since the conditions were evaluated
  }
  throw new StorageError('Unavailable', 'The file is replaced again and again: try again.');
}

/** @throws StorageError of kind `PreconditionFailed`. */
function isNotModified(conditions: FileConditions, stat: ObjectStat): boolean {
  const result = evaluateConditions(conditions, stat, 'read');
  if (result === 'fails') throw conditionFailed(stat);
  return result === 'not-modified';
}

function isSame(a: ObjectStat, b: ObjectStat): boolean {
  return a.etag === b.etag && a.size === b.size && secondsOf(a.lastModified) === secondsOf(b.lastModified);
}

async function statOf(
  stages: StageService,
  download: FileDownload,
  signal: AbortSignal,
): Promise<ObjectStat> {
  return withFallback(download, (name) => stages.statFile(download.stage, name, { signal }));
}

/**
 * Opens a file or a range of it. The last bytes of an empty file are the whole file (RFC 9110 14.1.2), which no
 * Content-Range can express.
 */
async function open(
  stages: StageService,
  download: FileDownload,
  range: ByteRange | undefined,
  signal: AbortSignal,
): Promise<ObjectBody> {
  try {
    return await withFallback(download, (name) =>
      stages.openFile(download.stage, name, { range, signal, reusesChunks: true }),
    );
  } catch (error) {
    if (!isOfKind(error, 'RangeNotSatisfiable')) throw error;
    const size = error.context['size'] ?? (await statOf(stages, download, signal)).size;
    if (size === 0 && range !== undefined && 'suffixLength' in range && range.suffixLength > 0) {
      return open(stages, download, undefined, signal);
    }
    throw new StorageError(error.kind, error.message, { context: { ...error.context, size }, cause: error });
  }
}

/** Tries the fallback name if no file has the first name. */
async function withFallback<T>(
  { name, otherwise: fallback }: FileDownload,
  read: (name: ListedKey) => Promise<T>,
): Promise<T> {
  try {
    return await read(name);
  } catch (error) {
    if (fallback === undefined || !isOfKind(error, 'NotFound')) throw error;
    return read(fallback);
  }
}

function isOfKind(error: unknown, kind: StorageErrorKind): error is StorageError {
  return error instanceof StorageError && error.kind === kind;
}

/** Sets headers unchanged: Express would add a charset to the content type, and the file's charset is unknown. */
function setHeaders(response: Response, headers: Headers): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}

async function sendBodyOrBytes(body: Readable, response: Response): Promise<void> {
  if (!(body instanceof ShortBody)) {
    await sendBody(body, response);
    return;
  }
  await sendBytes(body.bytes, response);
  body.release(); // not after an error: what is left of the answer may still refer to the bytes
}
