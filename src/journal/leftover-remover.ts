import { Injectable, Logger } from '@nestjs/common';
import { messageOf } from '../common/message-of.js';
import { Metrics } from '../metrics/metrics.js';
import { StorageRegistry } from '../storage/storage-registry.js';
import { LeftoverRepository, type NotedLeftover } from './leftover.repository.js';

const REMOVALS_AT_ONCE = 8;

/** Removes what uploads have left in their stores. */
@Injectable()
export class LeftoverRemover {
  readonly #logger = new Logger('Leftovers');

  constructor(
    private readonly leftovers: LeftoverRepository,
    private readonly registry: StorageRegistry,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Of servers that do not run, and of this server's own uploads that are over. Never rejects for what a store refuses: it
   * is tried again the next time.
   */
  async removeAll(running: ReadonlySet<string>): Promise<void> {
    const left = [...this.leftovers.all()].filter((noted) => !this.leftovers.goesOn(noted, running));
    let failed = 0;
    const removeNext = async (): Promise<void> => {
      for (let noted = left.pop(); noted !== undefined; noted = left.pop()) {
        if (!(await this.#remove(noted, running))) failed++;
      }
    };
    await Promise.all(Array.from({ length: REMOVALS_AT_ONCE }, removeNext));
    this.metrics.leftovers.set(failed);
  }

  /** @returns false where it is still there. */
  async #remove(noted: NotedLeftover, running: ReadonlySet<string>): Promise<boolean> {
    const { key } = noted.leftover;
    const scheme = noted.store.split(':', 1)[0] ?? '';
    try {
      if (!(await this.leftovers.claim(noted))) return true;
      const others = this.leftovers
        .othersOf(noted)
        .filter((other) => !other.isAbandoned && this.leftovers.goesOn(other, running));
      const storage = this.registry.openStore(noted.openConnection());
      await storage.removeLeftover(noted.leftover, { others: others.map(({ leftover }) => leftover) });
      await this.leftovers.forget(noted);
      this.metrics.leftoversRemoved.inc({ scheme });
      this.#logger.log({ msg: 'the leftover of an upload was removed', scheme, key });
      return true;
    } catch (error) {
      this.metrics.leftoverFailures.inc({ scheme });
      const msg = 'the leftover of an upload could not be removed, and is tried again';
      this.#logger.warn({ msg, scheme, key, error: messageOf(error) });
      return false;
    }
  }
}
