import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { may } from '../../access/access.js';
import type { Principal } from '../../access/principal.js';
import type { AuditedStage } from '../../audit/events/audit-event.js';
import { JournalError } from '../journal-error.js';
import { OrphanSweeper } from '../cleanup/orphan-sweeper.js';
import { ProcessRepository } from '../servers/process.repository.js';
import { ActiveUpload } from './active-upload.js';
import { UploadProgress } from './upload-progress.js';
import { UploadRecords } from './upload-records.js';
import type { AuditedUpload, BodyProgress, TrackedUpload, UploadStatus } from './upload-state.js';

export interface NewUploadRequest {
  readonly principal: Principal;
  readonly stage: AuditedStage;
  /** `file.put` if absent. */
  readonly audited?: Pick<AuditedUpload, 'action' | 'detail'> | undefined;
  readonly body: BodyProgress;
  /** The client's Idempotency-Key; `requestDigest` distinguishes requests under the same key. */
  readonly repeatable?: { readonly key: string; readonly requestDigest: string } | undefined;
}

const PUT = { action: 'file.put' } as const;

/** A request that was answered before. */
export type RepeatedUpload = UploadStatus & { readonly answer: NonNullable<UploadStatus['answer']> };

/** Tracks every upload from its beginning to its end. */
@Injectable()
export class UploadJournal {
  constructor(
    private readonly records: UploadRecords,
    private readonly processes: ProcessRepository,
    private readonly sweeper: OrphanSweeper,
    private readonly progress: UploadProgress,
  ) {}

  /**
   * @returns the record of a new upload, or the upload that this request repeats.
   * @throws JournalError if the key belongs to another request, or if the first request is still running.
   */
  async begin(request: NewUploadRequest): Promise<ActiveUpload | RepeatedUpload> {
    const { principal, stage, body, audited, repeatable } = request;
    const upload: TrackedUpload = {
      id: randomUUID(),
      userId: principal.userId,
      userName: principal.name,
      stageName: stage.name,
      startedAt: new Date(),
      body,
      audited: { ...(audited ?? PUT), actor: principal, stage },
      repeatable,
    };
    if (repeatable === undefined) return this.#start(upload, false);
    if (await this.records.statuses.begin(upload)) return this.#start(upload, true);
    const first = await this.records.statuses.findByKey(principal.userId, repeatable.key);
    // It has failed or was deleted since.
    if (first === undefined) return this.begin(request);
    if (first.requestDigest !== repeatable.requestDigest) throw keyIsTaken();
    if (first.answer !== null) return { ...first, answer: first.answer };
    await this.#endIfDead(first);
    return this.begin(request);
  }

  /** @throws JournalError if no upload of this id is visible to the user. */
  async find(id: string, principal: Principal): Promise<UploadStatus> {
    const status = await this.records.statuses.find(id);
    if (status === undefined || !may(principal, 'Read', { kind: 'upload', userId: status.userId })) {
      throw new JournalError('UnknownUpload', `There is no upload of the id ${JSON.stringify(id)}.`);
    }
    return status;
  }

  /** Called when no upload is running any more. */
  async close(): Promise<void> {
    await this.progress.stop();
    await this.sweeper.close();
  }

  #start(upload: TrackedUpload, hasBegun: boolean): ActiveUpload {
    const active = new ActiveUpload(this.records, upload, hasBegun);
    this.records.running.add(active);
    return active;
  }

  async #endIfDead({ id, processId }: UploadStatus): Promise<void> {
    const running = await this.processes.running();
    if (running.has(processId)) {
      throw new JournalError(
        'IdempotencyConflict',
        'The first request with this Idempotency-Key is still running: ask again when it has ended.',
        { context: { uploadId: id } },
      );
    }
    await this.records.statuses.endUploadsOfStopped(running);
  }
}

export function keyIsTaken(): JournalError {
  return new JournalError(
    'IdempotencyKeyReused',
    'Another request was sent with this Idempotency-Key: give each upload a key of its own.',
  );
}
