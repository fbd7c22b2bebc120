import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { loggedError } from '../../common/telemetry/logged-error.js';
import { UploadRecords } from './upload-records.js';

const INTERVAL_MS = 1_000;

/** Records at a bounded rate how much of the running uploads has come, so that every server can tell. */
@Injectable()
export class UploadProgress implements OnApplicationBootstrap {
  readonly #logger = new Logger('Upload');
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;

  constructor(private readonly records: UploadRecords) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => {
      this.#writing ??= this.write().finally(() => {
        this.#writing = undefined;
      });
    }, INTERVAL_MS);
    this.#timer.unref();
  }

  /** Never rejects: the next write has newer figures. */
  async write(): Promise<void> {
    const changes = [...this.records.running].flatMap((upload) => upload.progress());
    if (changes.length === 0) return;
    try {
      await this.records.write(...changes);
    } catch (error) {
      this.#logger.debug({ msg: 'progress of uploads was not recorded', error: loggedError(error) });
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#writing;
  }
}
