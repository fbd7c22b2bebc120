import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { may } from '../../access/access.js';
import type { Principal } from '../../access/principal.js';
import { JournalError } from '../journal-error.js';
import { OrphanSweeper } from '../cleanup/orphan-sweeper.js';
import { ProcessRepository } from '../servers/process.repository.js';
import { ActiveUpload } from './active-upload.js';
import { UploadRecords } from './upload-records.js';
import type { NewUpload, UploadStatus } from './upload-state.js';

export interface NewUploadRequest {
  readonly principal: Principal;
  readonly stageName: string;
  /** What the sender gave to repeat the request by; `requestDigest` tells one request from another one under the same key. */
  readonly repeatable?: { readonly key: string; readonly requestDigest: string } | undefined;
}

/** A request that has been answered before. */
export type RepeatedUpload = UploadStatus & { readonly answer: NonNullable<UploadStatus['answer']> };

/** Every upload from its beginning to its end. */
@Injectable()
export class UploadJournal {
  constructor(
    private readonly records: UploadRecords,
    private readonly processes: ProcessRepository,
    private readonly sweeper: OrphanSweeper,
  ) {}

  /**
   * @returns the record of the upload, or the upload that this request repeats.
   * @throws JournalError where its key is another request's, or where the first one goes on.
   */
  async begin({
    principal,
    stageName,
    repeatable,
  }: NewUploadRequest): Promise<ActiveUpload | RepeatedUpload> {
    const upload: NewUpload = {
      id: randomUUID(),
      userName: principal.name,
      stageName,
      startedAt: new Date(),
      repeatable,
    };
    if (repeatable === undefined) return new ActiveUpload(this.records, upload, false);
    if (await this.records.statuses.begin(upload)) return new ActiveUpload(this.records, upload, true);
    const first = this.records.statuses.findByKey(principal.name, repeatable.key);
    // It has failed or was forgotten since.
    if (first === undefined) return this.begin({ principal, stageName, repeatable });
    if (first.requestDigest !== repeatable.requestDigest) throw keyIsTaken();
    if (first.answer !== null) return { ...first, answer: first.answer };
    await this.#endIfDead(first);
    return this.begin({ principal, stageName, repeatable });
  }

  /** @throws JournalError where there is none that the user may see. */
  find(id: string, principal: Principal): UploadStatus {
    const status = this.records.statuses.find(id);
    if (status === undefined || !may(principal, 'Read', { kind: 'upload', owner: status.userName })) {
      throw new JournalError('UnknownUpload', `There is no upload of the id ${JSON.stringify(id)}.`);
    }
    return status;
  }

  /** No upload goes on any more. */
  async close(): Promise<void> {
    await this.sweeper.close();
  }

  async #endIfDead({ id, processId }: UploadStatus): Promise<void> {
    const running = await this.processes.running();
    if (running.has(processId)) {
      throw new JournalError(
        'FirstRequestRuns',
        'The first request with this Idempotency-Key is still running: ask again when it has ended.',
        { context: { uploadId: id } },
      );
    }
    await this.records.statuses.endThoseOfDead(running);
  }
}

export function keyIsTaken(): JournalError {
  return new JournalError(
    'IdempotencyKeyReused',
    'Another request was sent with this Idempotency-Key: give each upload a key of its own.',
  );
}
