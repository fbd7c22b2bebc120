import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { type ListedKey, listedAs } from '../../storage/contract/listed-key.js';
import { PROBE_NAME, probeKey } from '../../storage/contract/object-key.js';
import { StorageError } from '../../storage/contract/storage-error.js';
import type { ObjectStat, StorageProvider } from '../../storage/contract/storage-provider.js';
import { firstBatch } from './first-batch.js';
import { adviceFor, type CheckName } from './check-advice.js';
import type { CheckReport, CheckResult } from './check-report.js';

/** Time after which the report is returned, complete or not. */
const TIMEOUT_MS = 4_500;
/** Age from which a probe object belongs to a check that has crashed. */
const STALE_MS = 600_000;
const NAMES: readonly CheckName[] = ['list', 'write', 'read', 'remove'];

interface CheckOptions {
  /** Whether writing creates the root. If so, the root is inspected after the checks. */
  readonly createsRoot: boolean;
}

/**
 * Lists, writes, reads and removes as uploads and downloads do, with an object whose name no file can have. Removes
 * that object even after the report has timed out or its reader has disconnected.
 */
export class StoreCheck {
  readonly #storage: StorageProvider;
  readonly #options: CheckOptions;
  readonly #running = new Set<CheckName>();
  readonly #results: CheckResult[] = [];
  readonly #probe = probeKey(randomUUID());

  constructor(storage: StorageProvider, options: CheckOptions) {
    this.#storage = storage;
    this.#options = options;
  }

  async report(): Promise<CheckReport> {
    const ended = new AbortController();
    const timeout = delay(TIMEOUT_MS, undefined, { signal: ended.signal }).catch(() => undefined);
    await Promise.race([this.#run(), timeout]);
    ended.abort();
    const byName = new Map(this.#results.map((result) => [result.check, result]));
    const extra = this.#results.filter(({ check }) => !NAMES.some((name) => name === check));
    const checks = [...extra, ...NAMES.map((name) => byName.get(name) ?? this.#timedOut(name))];
    return { ok: checks.every(({ ok }) => ok === true), checks };
  }

  async #run(): Promise<void> {
    if (!this.#options.createsRoot) {
      this.#running.add('list'); // a store that hangs here would hang the listing too
      const canContinue = await this.#inspect();
      this.#running.delete('list');
      if (!canContinue) return;
    }
    const listing = this.#try('list', () => this.#list());
    const isWritten = await this.#try('write', () => this.#write());
    if (isWritten === true) {
      await this.#try('read', () => this.#readProbe());
      const stale = (await listing)?.stale ?? [];
      await this.#try('remove', () => this.#remove([listedAs(this.#probe), ...stale]));
    } else {
      const first = (await listing)?.first;
      if (first !== undefined) await this.#try('read', () => this.#readStart(first));
      // A failed write may still have created the object.
      await this.#storage.remove([listedAs(this.#probe)]).catch(() => undefined);
    }
    if (this.#options.createsRoot) await this.#inspect();
  }

  /** Runs the provider's own checks. @returns whether the other checks are worth running. */
  async #inspect(): Promise<boolean> {
    const findings = (await this.#storage.inspect?.()) ?? [];
    this.#results.push(
      ...findings.map(({ check, ok, reason, advice }) => ({
        check,
        ok,
        ...(reason === undefined ? {} : { reason }),
        ...(advice === undefined ? {} : { advice }),
      })),
    );
    return !findings.some(({ ok, endsCheck }) => !ok && endsCheck === true);
  }

  async #try<Result>(check: CheckName, act: () => Promise<Result>): Promise<Result | undefined> {
    this.#running.add(check);
    try {
      const value = await act();
      this.#results.push({ check, ok: true });
      return value;
    } catch (error) {
      const storageError = error instanceof StorageError ? error : unexpected(error);
      this.#results.push({
        check,
        ok: false,
        reason: storageError.message,
        advice: adviceFor(check, storageError),
      });
      return undefined;
    }
  }

  /** Lists the first file, and the probe objects of crashed checks. */
  async #list(): Promise<{ first: ObjectStat | undefined; stale: readonly ListedKey[] }> {
    const [first] = await firstBatch(this.#storage.list({ limit: 1 }));
    const probes = await firstBatch(this.#storage.list({ prefix: PROBE_NAME, limit: 1000 }));
    const stale = probes.filter(({ lastModified }) => Date.now() - lastModified.getTime() > STALE_MS);
    return { first, stale: stale.map(({ key }) => key) };
  }

  async #write(): Promise<true> {
    await this.#storage.put(this.#probe, Readable.from([Buffer.from(this.#probe)]));
    return true;
  }

  async #readProbe(): Promise<void> {
    const { body } = await this.#storage.get(listedAs(this.#probe));
    const chunks: Buffer[] = [];
    for await (const chunk of body as AsyncIterable<Buffer>) chunks.push(chunk); // about 60 bytes
    if (Buffer.concat(chunks).toString() !== this.#probe) {
      throw new StorageError('Unexpected', 'The store gives back other bytes than were written.');
    }
  }

  async #readStart({ key, size }: ObjectStat): Promise<void> {
    const { body } = await this.#storage.get(key, size === 0 ? {} : { range: { start: 0, end: 0 } });
    body.resume();
    body.on('error', () => undefined);
  }

  async #remove(keys: readonly ListedKey[]): Promise<void> {
    const { failures } = await this.#storage.remove(keys);
    if (failures[0] === undefined) return;
    const { key, error } = failures[0];
    const message = `${error.message} The object ${JSON.stringify(key)} of a check is left.`;
    throw new StorageError(error.kind, message, { context: error.context, cause: error.cause });
  }

  #timedOut(check: CheckName): CheckResult {
    if (!this.#running.has(check)) return { check, ok: null };
    const error = new StorageError(
      'Unavailable',
      `The store has not answered within ${String(TIMEOUT_MS)} ms.`,
    );
    return { check, ok: false, reason: error.message, advice: adviceFor(check, error) };
  }
}

function unexpected(cause: unknown): StorageError {
  return new StorageError('Unexpected', 'The check itself has failed.', { cause });
}
