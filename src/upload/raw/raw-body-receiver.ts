import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { APP_CONFIG, type AppConfig } from '../../config/app-config.js';
import { RawUploadStream, type RawFileConsumer } from './raw-upload-stream.js';
import { bodyLimits } from '../body/body-limits.js';
import type { UploadSlot } from '../admission/upload-admission.js';

export interface RawBodyOptions {
  readonly admission: UploadSlot;
  /** Longer files are `FileTooLarge`: at once if the length is declared, otherwise as soon as the limit is exceeded. */
  readonly maxBytes?: number | undefined;
}

/** Receives files that are the whole body of a request. */
@Injectable()
export class RawBodyReceiver {
  constructor(@Inject(APP_CONFIG) private readonly config: AppConfig) {}

  /**
   * Passes the body of a request to the consumer as a file, while it arrives. A client that waits for 100 Continue
   * gets it when the consumer begins to read.
   *
   * @returns the result of the consumer; if it has read the body to its end, the request was complete.
   * @throws UploadError, or an error of the consumer.
   */
  async receive<T>(
    request: Request,
    { admission, maxBytes = Infinity }: RawBodyOptions,
    consume: RawFileConsumer<T>,
  ): Promise<T> {
    const { upload } = this.config;
    const maxFileBytes = Math.min(maxBytes, upload.maxFileBytes);
    return new RawUploadStream(request, { ...bodyLimits(upload, admission), maxFileBytes }).completed(
      consume,
    );
  }
}
