import { Scan } from '../../../common/scans/scan.js';
import type { ListPaging } from '../../../storage/contract/storage-provider.js';
import type { ListPosition } from '../../list-cursors.js';
import type { ListedEntry } from './listed-entry.js';

/** Options by which a scan is opened. */
export interface ScanOptions extends ListPaging {
  readonly startAfter: string | undefined;
  readonly signal: AbortSignal;
}

/** A listing that pauses between two pages, and knows what the store resumes by. */
export class FileScan {
  readonly #scan: Scan<ListedEntry>;
  #unlisted: string[] = [];
  /** The last point that does not lie behind what was read. */
  #passed: string | undefined;
  /** The point behind the batch of which some may be unread. */
  #behind: string | undefined;
  /** The point of the next batch, which the store has reported. */
  #reported: string | undefined;
  #hasUnread = false;

  constructor(
    position: ListPosition | undefined,
    open: (options: ScanOptions) => AsyncIterable<readonly ListedEntry[]>,
  ) {
    this.#passed = position?.resumePoint;
    this.#scan = new Scan((signal) =>
      open({
        startAfter: position?.after,
        resumePoint: position?.resumePoint,
        onResumePoint: (point) => {
          this.#reported = point;
        },
        onUnlisted: (directories) => {
          this.#unlisted.push(...directories);
        },
        signal,
      }),
    );
  }

  /**
   * @param most the number of entries.
   * @param signal the signal of the request that waits for them.
   * @returns the next entries; undefined at the end.
   */
  async next(most: number, signal: AbortSignal): Promise<readonly ListedEntry[] | undefined> {
    const batch = await this.#batch(signal);
    if (batch === undefined) return undefined;
    this.#hasUnread = batch.length > most;
    if (this.#hasUnread) this.#scan.putBack(batch.slice(most));
    else this.#passed = this.#behind ?? this.#passed;
    return this.#hasUnread ? batch.slice(0, most) : batch;
  }

  /** Are there more entries? Takes the store's word for it, which may be wrong if those were removed. */
  async hasMore(signal: AbortSignal): Promise<boolean> {
    if (this.#hasUnread || this.#behind !== undefined) return true;
    const batch = await this.#batch(signal);
    if (batch === undefined) return false;
    this.#scan.putBack(batch);
    this.#hasUnread = true;
    return true;
  }

  /** The point by which the store resumes: at the end of what was read, or a batch earlier. */
  get resumePoint(): string | undefined {
    return this.#passed;
  }

  /** Returns the directories that could not be read since the last call. */
  takeUnlisted(): readonly string[] {
    const unlisted = this.#unlisted;
    this.#unlisted = [];
    return unlisted;
  }

  close(): void {
    this.#scan.close();
  }

  async #batch(signal: AbortSignal): Promise<readonly ListedEntry[] | undefined> {
    const isNew = !this.#hasUnread;
    const batch = await this.#scan.next(signal);
    if (!isNew) return batch;
    this.#behind = this.#reported;
    this.#reported = undefined;
    return batch;
  }
}
