import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Principal } from '../access/principal.js';
import { AppError } from '../common/app-error.js';
import { clientSignal } from '../http/request/client-signal.js';
import { REQUEST_ID_HEADER } from '../http/request/request-id-header.js';
import { ERROR_CODES, type ErrorCodes } from '../common/error-codes.js';
import { messageOf } from '../common/message-of.js';
import { UPLOAD_ID_HEADER } from '../common/upload-id-header.js';
import type { ActiveUpload } from '../journal/records/active-upload.js';
import { UploadJournal, type RepeatedUpload } from '../journal/records/upload-journal.js';
import type { UploadAnswer, UploadFailure } from '../journal/records/upload-state.js';
import type { OpenedStage } from '../stages/files/stage.service.js';
import { idempotencyKey, requestDigest } from './headers/idempotency-key.js';
import { ReplayVerifier } from './files/replay-verifier.js';
import { PartialUploadError } from './upload-error.js';
import { FileStores } from './files/file-stores.js';
import type { StoredFile, FileConsumer } from './files/file-consumer.js';
import { UploadAdmission, type UploadSlot } from './admission/upload-admission.js';

/** One upload as its route defines it. */
export interface UploadRequest<Received> {
  readonly stage: OpenedStage;
  readonly principal: Principal;
  /** Properties that, with the stage's location, distinguish requests under the same Idempotency-Key. */
  readonly fingerprint: object;
  /** Reads the request and passes its files to the consumer. */
  readonly receive: (files: FileConsumer, admission: UploadSlot) => Promise<Received>;
  readonly answer: (
    received: Received,
    upload: { readonly id: string; readonly stored: readonly StoredFile[] },
  ) => UploadAnswer | Promise<UploadAnswer>;
}

/** Runs uploads of every form: admits them, keeps their records, and answers repeated requests again. */
@Injectable()
export class UploadRunner {
  readonly #logger = new Logger('Upload');

  constructor(
    private readonly admission: UploadAdmission,
    private readonly journal: UploadJournal,
    private readonly stageFiles: FileStores,
    @Inject(ERROR_CODES) private readonly codes: ErrorCodes,
  ) {}

  /** Sets status and headers of the answer, and returns its body. */
  async run<Received>(
    request: Request,
    response: Response,
    uploadRequest: UploadRequest<Received>,
  ): Promise<object> {
    const { status, headers, body } = await this.admission.admit(
      uploadRequest.principal,
      clientSignal(response),
      (admission) => this.#answer({ request, response }, uploadRequest, admission),
    );
    response.status(status).set(headers);
    return body;
  }

  async #answer<Received>(
    { request, response }: { readonly request: Request; readonly response: Response },
    uploadRequest: UploadRequest<Received>,
    admission: UploadSlot,
  ): Promise<UploadAnswer> {
    const key = idempotencyKey(request.headers);
    const { stage, location } = uploadRequest.stage;
    // Without the connection: credentials are never recorded, not even as a digest.
    const fingerprint = { store: location.store, prefix: location.prefix, ...uploadRequest.fingerprint };
    const upload = await this.journal.begin({
      principal: uploadRequest.principal,
      stageName: stage.name,
      repeatable: key === undefined ? undefined : { key, requestDigest: requestDigest(fingerprint) },
    });
    response.set(UPLOAD_ID_HEADER, upload.id);
    const reqId = response.getHeader(REQUEST_ID_HEADER);
    const line = {
      msg: 'upload',
      reqId,
      uploadId: upload.id,
      user: uploadRequest.principal.name,
      stage: stage.name,
    };
    if (!('answer' in upload)) return this.#store(uploadRequest, { record: upload, line }, admission);
    const answer = await repeat(uploadRequest, upload, admission);
    this.#logger.log({ ...line, ended: 'repeated' });
    return answer;
  }

  async #store<Received>(
    uploadRequest: UploadRequest<Received>,
    { record, line }: { readonly record: ActiveUpload; readonly line: object },
    admission: UploadSlot,
  ): Promise<UploadAnswer> {
    const files = this.stageFiles.storeInto(uploadRequest.stage, uploadRequest.principal, record);
    try {
      const received = await uploadRequest.receive(files, admission);
      const answer = await uploadRequest.answer(received, { id: record.id, stored: files.stored });
      await record.succeed(answer);
      this.#logger.log({ ...line, ...totalOf(files.stored), ended: 'stored' });
      return answer;
    } catch (error) {
      const failure = this.#failureOf(error);
      this.#logger.log({ ...line, ...totalOf(files.stored), ended: failure.kind });
      await record.fail(failure).catch((unwritten: unknown) => {
        this.#logger.warn({ msg: 'the end of an upload could not be recorded', error: messageOf(unwritten) });
      });
      throw error;
    }
  }

  #failureOf(error: unknown): UploadFailure {
    const cause = error instanceof PartialUploadError ? error.cause : error;
    if (!(cause instanceof AppError)) {
      return { code: 500, kind: 'Internal', message: 'The server failed unexpectedly.' };
    }
    const appError: AppError = cause as AppError; // instanceof leaves its kind as any
    const { code, kind } = this.codes(appError);
    return { code, kind, message: appError.message };
  }
}

/** Totals of an upload; skipped files count without their bytes. */
function totalOf(stored: readonly StoredFile[]): { readonly files: number; readonly bytes: number } {
  let bytes = 0;
  for (const { uploaded } of stored) if (uploaded.outcome === 'stored') bytes += uploaded.result.size;
  return { files: stored.length, bytes };
}

async function repeat<Received>(
  uploadRequest: UploadRequest<Received>,
  first: RepeatedUpload,
  admission: UploadSlot,
): Promise<UploadAnswer> {
  const files = new ReplayVerifier(first.files);
  await uploadRequest.receive(files, admission);
  files.assertComplete();
  return first.answer;
}
