import { Injectable, Logger } from '@nestjs/common';
import { messageOf } from '../../common/message-of.js';
import { Metrics } from '../../metrics/metrics.js';
import type { Orphan } from '../../storage/contract/orphan.js';
import { StorageRegistry } from '../../storage/storage-registry.js';
import type { RecordedOrphan } from './orphan.repository.js';
import { UploadRecords } from '../records/upload-records.js';
import { ProcessRepository } from '../servers/process.repository.js';

const REMOVALS_AT_ONCE = 8;

/** Removes what uploads have left in their stores. */
@Injectable()
export class OrphanRemover {
  readonly #logger = new Logger('Orphans');
  /** By the ids of their records. */
  readonly #removals = new Map<string, Promise<void>>();
  readonly #failing = new Set<string>();
  #rounds = 0;

  constructor(
    private readonly records: UploadRecords,
    private readonly processes: ProcessRepository,
    private readonly registry: StorageRegistry,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Of servers that do not run, and of this server's own uploads that are over. Another round may begin while one waits for a
   * store: it takes over what that one has not begun. Never rejects for what a store refuses: it is tried again the next time.
   */
  async removeAll(running: ReadonlySet<string>): Promise<void> {
    const round = ++this.#rounds;
    const left = [...this.records.orphans.all()].filter((recorded) => !this.#isActive(recorded, running));
    this.#forgetFailuresExcept(new Set(left.map(({ id }) => id)));
    const removeNext = async (): Promise<void> => {
      for (
        let recorded = left.pop();
        recorded !== undefined && round === this.#rounds;
        recorded = left.pop()
      ) {
        if (!this.#removals.has(recorded.id)) await this.#begin(recorded);
      }
    };
    await Promise.all(Array.from({ length: REMOVALS_AT_ONCE }, removeNext));
  }

  /** Begins nothing more. Resolves when nothing is being removed. */
  async close(): Promise<void> {
    this.#rounds++;
    await Promise.all(this.#removals.values());
  }

  /** What is recorded no more, another server has removed. */
  #forgetFailuresExcept(ids: ReadonlySet<string>): void {
    for (const id of this.#failing) if (!ids.has(id)) this.#failing.delete(id);
    this.metrics.orphans.set(this.#failing.size);
  }

  #begin(recorded: RecordedOrphan): Promise<void> {
    const { id } = recorded;
    const removal = this.#remove(recorded).then((isRemoved) => {
      this.#removals.delete(id);
      if (isRemoved) this.#failing.delete(id);
      else this.#failing.add(id);
      this.metrics.orphans.set(this.#failing.size);
    });
    this.#removals.set(id, removal);
    return removal;
  }

  /** Is its put still running, or its server, which cleans up by itself? */
  #isActive({ id, processId }: RecordedOrphan, running: ReadonlySet<string>): boolean {
    return processId === this.processes.ownId ? this.records.puts.has(id) : running.has(processId);
  }

  /** As it is now: servers and puts may have begun since. */
  async #othersOf(recorded: RecordedOrphan): Promise<readonly Orphan[]> {
    const running = await this.processes.running();
    return this.records.orphans
      .othersOf(recorded)
      .filter((other) => !other.isAbandoned && this.#isActive(other, running))
      .map(({ orphan }) => orphan);
  }

  /** @returns false where it is still there. */
  async #remove(recorded: RecordedOrphan): Promise<boolean> {
    const { key } = recorded.orphan;
    const scheme = recorded.store.split(':', 1)[0] ?? '';
    try {
      if (!(await this.records.orphans.claim(recorded))) return true;
      const storage = this.registry.openStore(recorded.decryptConnection());
      await storage.removeOrphan(recorded.orphan, { others: () => this.#othersOf(recorded) });
      await this.records.orphans.forget(recorded);
      this.metrics.orphansRemoved.inc({ scheme });
      this.#logger.log({ msg: 'the leftover of an upload was removed', scheme, key });
      return true;
    } catch (error) {
      this.metrics.orphanFailures.inc({ scheme });
      const msg = 'the leftover of an upload could not be removed, and is tried again';
      this.#logger.warn({ msg, scheme, key, error: messageOf(error) });
      return false;
    }
  }
}
