import { HttpException } from '@nestjs/common';
import { AppError } from '../../common/app-error.js';
import { UPLOAD_ID_HEADER } from '../../common/upload-id-header.js';
import { HealthError } from '../../health/health-error.js';
import { QuotaError, type QuotaLeft } from '../../quotas/quota-error.js';
import { StageCheckError } from '../../stages/stage-check-error.js';
import { PartialUploadError } from '../../upload/upload-error.js';
import { errorRow, type ErrorRow } from './error-table.js';

/** Body of an error answer: Databend's form, plus the kind of the error. */
export interface ErrorBody {
  readonly error: { readonly code: number; readonly kind: string; readonly message: string };
  /** Files of a form that were stored before it failed. They stay. */
  readonly files?: readonly string[];
  /** Report of the checks that prevented the creation of a stage. */
  readonly check?: StageCheckError['report'];
  /** Checks of `/ready`. */
  readonly checks?: HealthError['checks'];
  /** A quota, and what is left of it. Null for what has no limit. */
  readonly quota?: AnsweredQuota;
}

interface AnsweredQuota {
  readonly max_bytes: number | null;
  readonly max_files: number | null;
  readonly left_bytes: number | null;
  readonly left_files: number | null;
}

export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ErrorBody;
  readonly log: ErrorRow['log'];
}

const RETRY_AFTER_SECONDS = 5;

/** Converts any thrown value to an answer that tells how to proceed, and reveals no internals. */
export function errorAnswer(thrown: unknown): ErrorAnswer {
  if (thrown instanceof PartialUploadError) {
    const answer = errorAnswer(thrown.cause);
    return { ...answer, body: { ...answer.body, files: thrown.files } };
  }
  if (thrown instanceof StageCheckError) {
    const answer = appErrorAnswer(thrown);
    return { ...answer, body: { ...answer.body, check: thrown.report } };
  }
  if (thrown instanceof HealthError) {
    const answer = appErrorAnswer(thrown);
    return { ...answer, body: { ...answer.body, checks: thrown.checks } };
  }
  if (thrown instanceof QuotaError && thrown.left !== undefined) {
    const answer = appErrorAnswer(thrown);
    return { ...answer, body: { ...answer.body, quota: answeredQuota(thrown.left) } };
  }
  if (thrown instanceof AppError) return appErrorAnswer(thrown as AppError); // instanceof leaves its kind as any
  return foreignErrorAnswer(thrown);
}

function answeredQuota({ maxBytes, maxFiles, leftBytes, leftFiles }: QuotaLeft): AnsweredQuota {
  return { max_bytes: maxBytes, max_files: maxFiles, left_bytes: leftBytes, left_files: leftFiles };
}

function appErrorAnswer(error: AppError): ErrorAnswer {
  const { status, code, kind, log } = errorRow(error);
  return {
    status,
    headers: headersFor(status, error),
    body: { error: { code, kind, message: error.message } },
    log,
  };
}

function headersFor(status: number, error: AppError): Record<string, string> {
  if (status === 401) return { 'www-authenticate': 'Basic realm="Stagedoor", charset="UTF-8"' };
  if (error.kind === 'IdempotencyConflict') {
    const id = String(error.context['uploadId']);
    return { 'retry-after': String(RETRY_AFTER_SECONDS), [UPLOAD_ID_HEADER]: id };
  }
  if (status === 405 && error.context['allow'] !== undefined)
    return { allow: String(error.context['allow']) };
  if (status === 503) return { 'retry-after': String(RETRY_AFTER_SECONDS) };
  if (status === 429)
    return { 'retry-after': String(error.context['retryAfterSeconds'] ?? RETRY_AFTER_SECONDS) };
  if (status === 416) return { 'content-range': `bytes */${String(error.context['size'] ?? '*')}` };
  return {};
}

/** Converts errors of Nest and of Express's parsers: with a status below 500, the message is meant for the client. */
function foreignErrorAnswer(thrown: unknown): ErrorAnswer {
  const status = clientErrorStatus(thrown);
  if (status === undefined) {
    const message =
      'The server failed unexpectedly. Its log has the reason under the x-request-id of this answer.';
    return answerOf(500, 'Internal', message, 'error');
  }
  return answerOf(status, FOREIGN_KINDS.get(status) ?? 'InvalidRequest', messageOf(thrown), 'info');
}

function answerOf(code: number, kind: string, message: string, log: ErrorRow['log']): ErrorAnswer {
  return { status: code, headers: {}, body: { error: { code, kind, message } }, log };
}

/** Kinds of errors that Nest and Express throw themselves. */
const FOREIGN_KINDS = new Map([
  [400, 'MalformedUrl'],
  [404, 'UnknownRoute'],
  [503, 'ShuttingDown'],
]);

function messageOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  // Replaces Express's message about an undecodable path: it gives no advice, and Nest keeps only its text.
  if (thrown.message.startsWith('Failed to decode param')) {
    return 'The path in the URL is not valid percent-encoded UTF-8: escape it anew.';
  }
  return thrown.message;
}

function clientErrorStatus(thrown: unknown): number | undefined {
  if (thrown instanceof HttpException) return thrown.getStatus();
  if (!(thrown instanceof Error) || !('status' in thrown)) return undefined;
  return typeof thrown.status === 'number' && thrown.status >= 400 && thrown.status < 500
    ? thrown.status
    : undefined;
}
