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
    private readonly gate: UploadAdmission,
    private readonly journal: UploadJournal,
    private readonly stageFiles: FileStores,
    @Inject(ERROR_CODES) private readonly codes: ErrorCodes,
  ) {}

  /** Sets status and headers of the answer, and returns its body. */
  async run<Received>(request: Request, response: Response, act: UploadRequest<Received>): Promise<object> {
    const { status, headers, body } = await this.gate.admit(
      act.principal,
      clientSignal(response),
      (admission) => this.#answer({ request, response }, act, admission),
    );
    response.status(status).set(headers);
    return body;
  }

  async #answer<Received>(
    { request, response }: { readonly request: Request; readonly response: Response },
    act: UploadRequest<Received>,
    admission: UploadSlot,
  ): Promise<UploadAnswer> {
    const key = idempotencyKey(request.headers);
    const { stage, location } = act.stage;
    // Without the connection: credentials are never recorded, not even as a digest.
    const facts = { store: location.store, prefix: location.prefix, ...act.fingerprint };
    const upload = await this.journal.begin({
      principal: act.principal,
      stageName: stage.name,
      repeatable: key === undefined ? undefined : { key, requestDigest: requestDigest(facts) },
    });
    response.set(UPLOAD_ID_HEADER, upload.id);
    const reqId = response.getHeader(REQUEST_ID_HEADER);
    const line = { msg: 'upload', reqId, uploadId: upload.id, user: act.principal.name, stage: stage.name };
    if (!('answer' in upload)) return this.#store(act, { record: upload, line }, admission);
    const answer = await repeat(act, upload, admission);
    this.#logger.log({ ...line, ended: 'repeated' });
    return answer;
  }

  async #store<Received>(
    act: UploadRequest<Received>,
    { record, line }: { readonly record: ActiveUpload; readonly line: object },
    admission: UploadSlot,
  ): Promise<UploadAnswer> {
    const files = this.stageFiles.storeInto(act.stage, act.principal, record);
    try {
      const received = await act.receive(files, admission);
      const answer = await act.answer(received, { id: record.id, stored: files.stored });
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
    const known: AppError = cause as AppError; // instanceof leaves its kind as any
    const { code, kind } = this.codes(known);
    return { code, kind, message: known.message };
  }
}

/** Totals of an upload; skipped files count without their bytes. */
function totalOf(stored: readonly StoredFile[]): { readonly files: number; readonly bytes: number } {
  let bytes = 0;
  for (const { uploaded } of stored) if (uploaded.outcome === 'stored') bytes += uploaded.result.size;
  return { files: stored.length, bytes };
}

async function repeat<Received>(
  act: UploadRequest<Received>,
  first: RepeatedUpload,
  admission: UploadSlot,
): Promise<UploadAnswer> {
  const files = new ReplayVerifier(first.files);
  await act.receive(files, admission);
  files.requireAll();
  return first.answer;
}
