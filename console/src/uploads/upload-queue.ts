import { newIdempotencyKey } from '../../../clients/typescript/src/idempotency-key.js';
import { Stagedoor } from '../../../clients/typescript/src/stagedoor.js';
import { refreshFiles } from '../files/list/file-list.js';
import { SERVER } from '../lib/api.js';
import { errorText } from '../lib/error-text.js';
import { Store } from '../lib/store.js';
import { noteRefusal, sessionToken } from '../session/session.js';
import { compared, md5Of, OtherContentError, type Comparison } from './compared-md5.js';
import { isActive, type ChosenFile, type Overwrite, type UploadItem } from './upload-item.js';
import { comparesMd5 } from './upload-options.js';
import { UploadRate } from './upload-rate.js';

/** More connections to one server would wait in the browser. */
const AT_ONCE = 3;

/** The uploads of this tab. They go on while the reader looks at other pages. */
export class UploadQueue {
  readonly items = new Store<readonly UploadItem[]>([]);
  readonly #running = new Map<number, AbortController>();
  #nextId = 1;

  add(stage: string, files: readonly ChosenFile[], overwrite: Overwrite): void {
    const added = files.map((chosen) => ({
      ...chosen,
      id: this.#nextId++,
      stage,
      overwrite,
      idempotencyKey: newIdempotencyKey(),
      isCompared: comparesMd5.get(),
      state: 'waiting' as const,
      sentBytes: 0,
      bytesPerSecond: 0,
    }));
    this.items.set([...this.items.get(), ...added]);
    this.#startWaiting();
  }

  cancel(id: number): void {
    this.#change(id, { state: 'cancelled' });
    this.#running.get(id)?.abort(new DOMException('The upload was cancelled.', 'AbortError'));
  }

  /** Sends a file again under the same key: where the server has it already, it says so and stores nothing. */
  retry(id: number): void {
    this.#change(id, {
      state: 'waiting',
      sentBytes: 0,
      bytesPerSecond: 0,
      problem: undefined,
      comparison: undefined,
    });
    this.#startWaiting();
  }

  /** Forgets what is over. */
  tidy(): void {
    this.items.set(this.items.get().filter(isActive));
  }

  /** Cancels what runs, and forgets everything. */
  clear(): void {
    for (const item of this.items.get().filter(isActive)) this.cancel(item.id);
    this.items.set([]);
  }

  isBusy(): boolean {
    return this.items.get().some(isActive);
  }

  #startWaiting(): void {
    const waiting = this.items.get().filter(({ state }) => state === 'waiting');
    for (const item of waiting.slice(0, AT_ONCE - this.#running.size)) void this.#run(item);
  }

  async #run(item: UploadItem): Promise<void> {
    const controller = new AbortController();
    this.#running.set(item.id, controller);
    this.#change(item.id, { state: 'running' });
    try {
      const comparison = await this.#send(item, controller.signal);
      this.#change(item.id, { state: 'done', sentBytes: item.file.size, comparison });
      if (!this.items.get().some((other) => other.stage === item.stage && isActive(other)))
        await refreshFiles(item.stage);
    } catch (error) {
      if (!controller.signal.aborted) this.#change(item.id, { state: 'failed', problem: errorText(error) });
      noteRefusal(error);
    } finally {
      this.#running.delete(item.id);
      this.#startWaiting();
    }
  }

  async #send(item: UploadItem, signal: AbortSignal): Promise<Comparison | undefined> {
    const token = (await sessionToken()) ?? '';
    const client = new Stagedoor({ url: SERVER, credentials: { token } });
    const rate = new UploadRate();
    const sending = client.upload(item.stage, item.path, item.file, {
      overwrite: item.overwrite,
      idempotencyKey: item.idempotencyKey,
      signal,
      onProgress: (sentBytes) => {
        this.#change(item.id, { sentBytes, bytesPerSecond: rate.add(sentBytes) });
      },
    });
    const [{ md5 }, here] = await Promise.all([
      sending,
      item.isCompared ? md5Of(item.file, signal) : undefined,
    ]);
    if (here === undefined) return undefined;
    const comparison = compared(here, md5);
    if (comparison === 'other' && item.overwrite !== 'skip') throw new OtherContentError();
    return comparison;
  }

  #change(id: number, fields: Partial<UploadItem>): void {
    this.items.set(this.items.get().map((item) => (item.id === id ? { ...item, ...fields } : item)));
  }
}

export const uploadQueue = new UploadQueue();

window.addEventListener('beforeunload', (event) => {
  if (uploadQueue.isBusy()) event.preventDefault();
});
