import { Injectable, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Principal } from '../access/principal.js';
import { loggedError } from '../common/telemetry/logged-error.js';
import { traced } from '../common/telemetry/traced-work.js';
import { UPLOAD_ID_HEADER } from '../common/upload-id-header.js';
import type { ActiveUpload } from '../journal/records/active-upload.js';
import {
  UploadJournal,
  type NewUploadRequest,
  type RepeatedUpload,
} from '../journal/records/upload-journal.js';
import type { RecordedFile } from '../journal/records/upload-record.js';
import type { UploadAnswer } from '../journal/records/upload-state.js';
import { auditedStage } from '../stages/stage-object.js';
import type { OpenedStage } from '../stages/files/stage.service.js';
import { declaredBytes } from './body/incoming-body.js';
import { idempotencyKey, requestDigest } from './headers/idempotency-key.js';
import { ReplayVerifier } from './files/replay-verifier.js';
import { FileStores } from './files/file-stores.js';
import type { StoredFile, FileConsumer } from './files/file-consumer.js';
import { UploadReporter, type AdmittedUpload } from './upload-reporter.js';
import { UploadAdmission, type UploadSlot } from './admission/upload-admission.js';

/** Facts that an answer can tell of an upload that has succeeded. */
export interface AnsweredUpload {
  readonly id: string;
  readonly stored: readonly StoredFile[];
  readonly recorded: readonly RecordedFile[];
}

/** One upload as its route defines it. */
export interface UploadRequest<Received> {
  readonly stage: OpenedStage;
  readonly principal: Principal;
  /** Properties that, with the stage's location, distinguish requests under the same Idempotency-Key. */
  readonly fingerprint: object;
  /** False if the request's body is not the content: a repeated request is then known by its fingerprint alone. */
  readonly hasContent?: false;
  /** The event of each stored file, if not `file.put`. */
  readonly audited?: NewUploadRequest['audited'];
  /** Reads the request and passes its files to the consumer. */
  readonly receive: (files: FileConsumer, admission: UploadSlot) => Promise<Received>;
  readonly answer: (received: Received, upload: AnsweredUpload) => UploadAnswer | Promise<UploadAnswer>;
}

/** Runs uploads of every form: admits them, keeps their records, and answers repeated requests again. */
@Injectable()
export class UploadRunner {
  readonly #logger = new Logger('Upload');

  constructor(
    private readonly admission: UploadAdmission,
    private readonly journal: UploadJournal,
    private readonly stageFiles: FileStores,
    private readonly reporter: UploadReporter,
  ) {}

  /** Sets status and headers of the answer, and returns its body. */
  async run<Received>(
    request: Request,
    response: Response,
    uploadRequest: UploadRequest<Received>,
  ): Promise<object> {
    const attributes = { 'stagedoor.stage': uploadRequest.stage.stage.name };
    const { status, headers, body } = await traced({ name: 'upload', kind: 'internal', attributes }, () =>
      this.admission.admit(
        uploadRequest.principal,
        () => response.closed,
        (admission) => this.#answer({ request, response }, uploadRequest, admission),
      ),
    );
    response.status(status).set(headers);
    return body;
  }

  async #answer<Received>(
    { request, response }: { readonly request: Request; readonly response: Response },
    uploadRequest: UploadRequest<Received>,
    admission: UploadSlot,
  ): Promise<UploadAnswer> {
    const startedAt = performance.now();
    const key = idempotencyKey(request.headers);
    const { stage, location } = uploadRequest.stage;
    // Without the connection: credentials are never recorded, not even as a digest.
    const fingerprint = { store: location.store, prefix: location.prefix, ...uploadRequest.fingerprint };
    const upload = await this.journal.begin({
      principal: uploadRequest.principal,
      stage: auditedStage(stage),
      audited: uploadRequest.audited,
      body: {
        expectedBytes: declaredBytes(request) ?? null,
        receivedBytes: () => admission.memory.receivedBytes,
      },
      repeatable: key === undefined ? undefined : { key, requestDigest: requestDigest(fingerprint) },
    });
    response.set(UPLOAD_ID_HEADER, upload.id);
    const admitted: AdmittedUpload = {
      id: upload.id,
      stage,
      user: uploadRequest.principal.name,
      startedAt,
      response,
    };
    if (!('answer' in upload)) return this.#store(uploadRequest, { record: upload, admitted }, admission);
    const answer = await repeat(uploadRequest, upload, admission);
    this.reporter.repeated(admitted);
    return answer;
  }

  async #store<Received>(
    uploadRequest: UploadRequest<Received>,
    { record, admitted }: { readonly record: ActiveUpload; readonly admitted: AdmittedUpload },
    admission: UploadSlot,
  ): Promise<UploadAnswer> {
    const files = this.stageFiles.storeInto(uploadRequest.stage, uploadRequest.principal, record);
    try {
      const received = await uploadRequest.receive(files, admission);
      const { id, files: recorded } = record;
      const answer = await uploadRequest.answer(received, { id, stored: files.stored, recorded });
      await record.succeed(answer);
      this.reporter.stored(admitted, files.stored);
      return answer;
    } catch (error) {
      const failure = this.reporter.failed(admitted, error, files.stored);
      await record.fail(failure).catch((unwritten: unknown) => {
        this.#logger.warn({
          msg: 'the end of an upload could not be recorded',
          error: loggedError(unwritten),
        });
      });
      throw error;
    }
  }
}

async function repeat<Received>(
  uploadRequest: UploadRequest<Received>,
  first: RepeatedUpload,
  admission: UploadSlot,
): Promise<UploadAnswer> {
  if (uploadRequest.hasContent === false) return first.answer;
  const files = new ReplayVerifier(first.files);
  await uploadRequest.receive(files, admission);
  files.assertComplete();
  return first.answer;
}
