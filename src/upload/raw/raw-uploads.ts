import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Principal } from '../../access/principal.js';
import { stageFileKey } from '../../stages/files/stage-path.js';
import type { OpenedStage } from '../../stages/files/stage.service.js';
import { answerWithRow } from '../files/file-answer.js';
import { RawBodyReceiver } from './raw-body-receiver.js';
import { uploadCondition } from '../headers/upload-condition.js';
import { overwritePolicy } from '../headers/upload-overwrite.js';
import { UploadRunner } from '../upload-runner.js';

/** Target of a request body. */
export interface RawUploadTarget {
  readonly stage: OpenedStage;
  readonly path: string;
  readonly principal: Principal;
  /** Maximum length in bytes. */
  readonly maxBytes?: number | undefined;
}

/** Uploads one file as the whole body of a request. Answers with its row, and with 201 for a new file. */
@Injectable()
export class RawUploads {
  constructor(
    private readonly runner: UploadRunner,
    private readonly receiver: RawBodyReceiver,
  ) {}

  async receive(
    request: Request,
    response: Response,
    { stage, path, principal, maxBytes }: RawUploadTarget,
  ): Promise<object> {
    const condition = uploadCondition(request.headers);
    const overwrite = overwritePolicy(request.headers, condition);
    const key = stageFileKey('', path);
    const target = { key, name: path, condition, overwrite, reportsNew: true };
    const { headers } = request;
    return this.runner.run(request, response, {
      stage,
      principal,
      fingerprint: {
        key,
        condition,
        overwrite,
        length: headers['content-length'],
        type: headers['content-type'],
      },
      receive: (files, admission) =>
        this.receiver.receive(request, { admission, maxBytes }, (file) => files.consume(file, target)),
      answer: (_received, { stored }) => answerWithRow(stored),
    });
  }
}
