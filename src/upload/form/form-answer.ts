import type { Request } from 'express';
import type { RecordedFile } from '../../journal/records/upload-record.js';
import type { UploadAnswer } from '../../journal/records/upload-state.js';

/** The media type of an answer that also tells the result of each file. */
export const UPLOAD_RESULTS_TYPE = 'application/vnd.stagedoor.upload+json';
const JSON_TYPE = 'application/json';

/** Databend's answer: the names of the fields only. */
export interface FormUploadAnswer {
  readonly id: string;
  readonly stage_name: string;
  readonly state: 'SUCCESS';
  /** Names as sent. */
  readonly files: readonly string[];
}

export interface FormUploadResults extends FormUploadAnswer {
  /** In the order of `files`. */
  readonly results: readonly RecordedFile[];
}

/** Databend's fields unless the client prefers the results. As in Databend, an Accept that cannot be met changes nothing. */
export function formAnswer(
  request: Request,
  fields: FormUploadAnswer,
  results: readonly RecordedFile[],
): UploadAnswer {
  if (request.accepts([JSON_TYPE, UPLOAD_RESULTS_TYPE]) !== UPLOAD_RESULTS_TYPE)
    return { status: 200, headers: {}, body: fields };
  const body: FormUploadResults = { ...fields, results };
  return { status: 200, headers: { 'content-type': UPLOAD_RESULTS_TYPE }, body };
}
