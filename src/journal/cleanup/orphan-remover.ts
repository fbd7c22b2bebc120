import { Injectable, Logger } from '@nestjs/common';
import { loggedError } from '../../common/telemetry/logged-error.js';
import { Metrics } from '../../metrics/metrics.js';
import type { Orphan } from '../../storage/contract/orphan.js';
import { StorageRegistry } from '../../storage/storage-registry.js';
import type { RecordedOrphan } from './orphan.repository.js';
import { UploadRecords } from '../records/upload-records.js';
import { ProcessRepository } from '../servers/process.repository.js';

const REMOVALS_AT_ONCE = 8;

/** Removes orphans of uploads from their stores. */
@Injectable()
export class OrphanRemover {
  readonly #logger = new Logger('Orphans');
  /** Keyed by the ids of their records. */
  readonly #removals = new Map<string, Promise<void>>();
  readonly #failing = new Set<string>();
  #rounds = 0;

  constructor(
    private readonly records: UploadRecords,
    private readonly processes: ProcessRepository,
    private readonly registry: StorageRegistry,
    private readonly metrics: Metrics,
  ) {
    for (const scheme of registry.schemes) {
      metrics.orphansRemoved.inc({ scheme }, 0);
      metrics.orphanFailures.inc({ scheme }, 0);
    }
  }

  /**
   * Removes orphans of stopped servers, and of this server's ended uploads. A new run may begin while one waits for a
   * store: it takes over the remaining orphans. Never rejects because of a store: the next run tries again.
   */
  async removeAll(running: ReadonlySet<string>): Promise<void> {
    const round = ++this.#rounds;
    const left: RecordedOrphan[] = [];
    for await (const recorded of this.records.orphans.all()) {
      if (!this.#isActive(recorded, running)) left.push(recorded);
    }
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

  /** Starts no more removals. Resolves when the running ones have ended. */
  async close(): Promise<void> {
    this.#rounds++;
    await Promise.all(this.#removals.values());
  }

  /** A record that is missing by now was removed by another server. */
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

  /** Whether its put is running, or its server, which removes its own orphans. */
  #isActive({ id, processId }: RecordedOrphan, running: ReadonlySet<string>): boolean {
    return processId === this.processes.ownId ? this.records.puts.has(id) : running.has(processId);
  }

  /** Reads the current state: servers and puts may have started since. */
  async #othersOf(recorded: RecordedOrphan): Promise<readonly Orphan[]> {
    const running = await this.processes.running();
    const others = await this.records.orphans.othersOf(recorded);
    return others
      .filter((other) => !other.isAbandoned && this.#isActive(other, running))
      .map(({ orphan }) => orphan);
  }

  /** @returns false if the orphan still exists. */
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
      this.#logger.warn({ msg, scheme, key, error: loggedError(error) });
      return false;
    }
  }
}
