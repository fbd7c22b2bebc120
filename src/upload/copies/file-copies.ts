import { Inject, Injectable } from '@nestjs/common';
import type { Response } from 'express';
import type { Principal } from '../../access/principal.js';
import { APP_CONFIG, type AppConfig } from '../../config/app-config.js';
import { clientSignal } from '../../http/request/client-signal.js';
import { from as copiedFrom, StageCopies, type Transfer } from '../../stages/copies/stage-copies.js';
import { stageFileKey } from '../../stages/files/stage-path.js';
import { StageService, type OpenedStage } from '../../stages/files/stage.service.js';
import { controllerLinkedTo } from '../../storage/contract/linked-controller.js';
import type { UploadSlot } from '../admission/upload-admission.js';
import { answerWithRow } from '../files/file-answer.js';
import type { FileConsumer, FileTarget } from '../files/file-consumer.js';
import { uploadCondition } from '../headers/upload-condition.js';
import { UploadError } from '../upload-error.js';
import { UploadRunner } from '../upload-runner.js';
import { CopiedFile } from './copied-file.js';
import type { CopyFileBody } from './copy-file.dto.js';

export interface CopyRequest extends CopyFileBody {
  /** The name of the target's stage. */
  readonly stage: string;
  readonly principal: Principal;
  readonly moves: boolean;
}

interface CopyJob {
  readonly transfer: Transfer;
  readonly target: FileTarget;
  readonly client: AbortSignal;
}

/** Copies and moves files as uploads whose content comes from a stage: with the same records, limits and answers. */
@Injectable()
export class FileCopies {
  constructor(
    private readonly stages: StageService,
    private readonly copies: StageCopies,
    private readonly runner: UploadRunner,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  async run(response: Response, request: CopyRequest): Promise<object> {
    const { principal, moves } = request;
    const condition = uploadCondition(response.req.headers);
    const to = await this.stages.resolve(request.stage, principal, 'Write');
    const key = stageFileKey('', request.to);
    const from = await this.#sourceStage(request);
    const name = this.stages.fileName(from, request.from);
    const etag = request.from_etag ?? undefined;
    const target = { key, name: request.to, condition, overwrite: 'overwrite', reportsNew: true } as const;
    const client = clientSignal(response);
    return this.runner.run(response.req, response, {
      stage: to,
      principal,
      fingerprint: { moves, from: [from.location.store, from.location.prefix, name], etag, key, condition },
      hasContent: false,
      audited: { action: moves ? 'file.move' : 'file.copy', detail: copiedFrom(from, name) },
      receive: async (files, admission) => {
        const source = await this.copies.find(from, name, { etag, signal: client });
        const transfer = { source, to, key, moves };
        await this.copies.assertTwoFiles(transfer);
        await this.#transfer({ transfer, target, client }, files, admission);
      },
      answer: (_received, { stored }) => answerWithRow(stored),
    });
  }

  async #sourceStage({ from_stage, stage, principal, moves }: CopyRequest): Promise<OpenedStage> {
    const name = from_stage ?? stage;
    if (moves) await this.stages.resolve(name, principal, 'Write');
    return this.stages.resolve(name, principal, 'Read');
  }

  async #transfer(
    { transfer, target, client }: CopyJob,
    files: FileConsumer,
    { memory, signal: shutdown }: UploadSlot,
  ): Promise<void> {
    const { controller, unlink } = controllerLinkedTo(client, shutdown);
    const { maxFileBytes } = this.config.upload;
    const file = new CopiedFile(this.copies, transfer, { memory, maxFileBytes, signal: controller.signal });
    file.body.once('error', () => undefined); // its reader reports it
    try {
      await files.consume(file, target);
      if (!transfer.moves || file.isSourceGone) return;
      await files.recorded();
      await this.copies.removeSource(transfer);
    } catch (error) {
      if (!shutdown.aborted) throw error;
      const message = 'The server has ended before the copy was whole: ask for it again.';
      throw new UploadError('ShuttingDown', message, { cause: error });
    } finally {
      unlink();
      file.body.destroy();
    }
  }
}
