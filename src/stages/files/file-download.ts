import type { Request, Response } from 'express';
import { clientSignal } from '../../common/client-signal.js';
import { sendBody } from '../../common/send-body.js';
import {
  askedRange,
  bodyHeaders,
  fileHeaders,
  isKnownToClient,
  rangeStillFits,
  type Headers,
} from './download-headers.js';
import type { OpenedStage, StageService } from './stage.service.js';

/** A file that is sent to a client. */
export interface FileDownload {
  readonly stage: OpenedStage;
  readonly path: string;
}

/** Answers HEAD: what GET would say of the whole file, without the file. */
export async function sendFileHeaders(
  stages: StageService,
  { stage, path }: FileDownload,
  request: Request,
  response: Response,
): Promise<void> {
  const stat = await stages.statFile(stage, path, { signal: clientSignal(response) });
  setHeaders(response, fileHeaders(stages.withContentType(stage, stat)));
  if (isKnownToClient(request, stat.etag)) response.status(304);
  else response.set('content-length', String(stat.size));
  response.end();
}

/** Answers GET with the file, the one range of it that was asked for, or 304. */
export async function sendFile(
  stages: StageService,
  { stage, path }: FileDownload,
  request: Request,
  response: Response,
): Promise<void> {
  const signal = clientSignal(response);
  let range = askedRange(request);
  if (request.headers['if-none-match'] !== undefined || request.headers['if-range'] !== undefined) {
    const stat = await stages.statFile(stage, path, { signal });
    if (isKnownToClient(request, stat.etag)) {
      setHeaders(response.status(304), fileHeaders(stages.withContentType(stage, stat)));
      response.end();
      return;
    }
    if (!rangeStillFits(request, stat.etag)) range = undefined;
  }
  const file = await stages.openFile(stage, path, { range, signal, reusesChunks: true });
  setHeaders(response.status(range === undefined ? 200 : 206), {
    ...fileHeaders(stages.withContentType(stage, file.stat)),
    ...bodyHeaders(file, range !== undefined),
  });
  await sendBody(file.body, response);
}

/** As they are: Express would add a charset to a content type, and nobody knows the file's. */
function setHeaders(response: Response, headers: Headers): void {
  response.setHeaders(new Map(Object.entries(headers)));
}
