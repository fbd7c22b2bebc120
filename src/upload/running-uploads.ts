import { setTimeout } from 'node:timers/promises';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';

/** So long the uploads that a shutdown has cut off may take to clean up. */
const CLEANUP_MS = 15_000;

/** What was cut off by the end of the server cleans up behind itself first. */
@Injectable()
export class RunningUploads implements OnApplicationShutdown {
  readonly #running = new Set<Promise<unknown>>();

  /** Keeps a shutdown waiting until the upload has settled. */
  async track<T>(upload: Promise<T>): Promise<T> {
    const ended = upload.catch(() => undefined).finally(() => this.#running.delete(ended));
    this.#running.add(ended);
    return upload;
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.race([Promise.all(this.#running), setTimeout(CLEANUP_MS, undefined, { ref: false })]);
  }
}
