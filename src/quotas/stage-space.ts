import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Quota } from '../access/quota.js';
import { DatabaseError } from '../database/database-error.js';
import type { SqlStatement } from '../database/sql.js';
import { counted, type StagePlace } from '../file-metadata/stage-usage.js';
import type { ReservedSpace } from '../journal/records/upload-record.js';
import { quotaExceeded, type QuotaError, type QuotaLeft } from './quota-error.js';
import type { QuotaOwner, Reservation, ReservationRepository } from './reservation.repository.js';
import { leftOf, type StageUseRepository } from './stage-use.repository.js';

/** Bytes of unknown length that may come without a reservation. A short file reserves once, when all of it is there. */
const FIRST_STEP_BYTES = 1024 * 1024;
/** Bytes that a file of unknown length reserves ahead, and the fewest that it tries where so many are not left. */
const STEP_BYTES = 8 * 1024 * 1024;
const LEAST_STEP_BYTES = 256 * 1024;
/** Time that a file waits for another one of its name to become visible: that of a server which has died takes longer. */
const CLAIM_PATIENCE_MS = 30_000;
const CLAIM_RETRY_MS = 20;

/** Where a file gets its room from. */
export interface SpaceSource {
  readonly reservations: ReservationRepository;
  readonly uses: StageUseRepository;
  /** Counts a refusal. @param isEarly whether nothing of the file had come. */
  readonly refused: (left: QuotaLeft, isEarly: boolean) => void;
}

export interface SpaceOptions {
  readonly place: StagePlace;
  readonly owner: QuotaOwner;
  readonly quota: Quota | null;
  /** The key in the store. */
  readonly objectKey: string;
}

/** The room of one file on its way in the quota of its stage. A stage without a quota costs nothing. */
export class FileSpace implements ReservedSpace {
  readonly #id = randomUUID();
  readonly #source: SpaceSource;
  readonly #options: SpaceOptions;
  #quota: Quota | null;
  /** Undefined before there is a reservation. */
  #reserved: number | undefined;
  #step = STEP_BYTES;
  #received = 0;
  #growing: Promise<void> | undefined;
  #refusal: QuotaError | undefined;

  constructor(source: SpaceSource, options: SpaceOptions) {
    this.#source = source;
    this.#options = options;
    this.#quota = options.quota;
  }

  /** Why the file was refused while it came. Its reader reports only that its body has failed. */
  get refusal(): QuotaError | undefined {
    return this.#refusal;
  }

  /** Reserves the whole length of a file, before any of it is read. @throws QuotaError of kind `QuotaExceeded`. */
  async reserveWhole(bytes: number): Promise<void> {
    if (this.#quota !== null) await this.#reserve(bytes, true);
  }

  /**
   * Reserves step by step for a file of unknown length.
   *
   * @param received bytes so far.
   * @param onRefused is called once when there is no room for more.
   */
  grow(received: number, onRefused: (refusal: QuotaError) => void): void {
    this.#received = received;
    if (this.#quota === null || received <= (this.#reserved ?? FIRST_STEP_BYTES)) return;
    if (this.#refusal !== undefined) return;
    this.#growing ??= this.#growOn()
      .catch(() => {
        // Anything else, such as a database that is away, shows again when the file is confirmed.
        if (this.#refusal !== undefined) onRefused(this.#refusal);
      })
      .finally(() => {
        this.#growing = undefined;
      });
  }

  /**
   * Makes sure that the file has all of its room, before it is visible.
   *
   * @param quota of the stage, as it is now.
   * @throws QuotaError of kind `QuotaExceeded`.
   */
  async confirm(bytes: number, quota: Quota | null): Promise<void> {
    await this.#growing;
    if (this.#refusal !== undefined) throw this.#refusal;
    this.#quota ??= quota;
    if (this.#quota === null) return;
    if (this.#reserved === undefined || this.#reserved < bytes) await this.#reserve(bytes, false);
    if (this.#reserved !== undefined) await this.#claim();
  }

  /** @returns the statements that record the stored file, and end the reservation. */
  recorded(record: readonly SqlStatement[]): readonly SqlStatement[] {
    if (this.#quota === null) return record;
    const { place, objectKey } = this.#options;
    return [...counted(place, { first: objectKey, last: objectKey }, record), ...this.ended()];
  }

  /** @returns the statements that end the reservation of a file that is not stored. */
  ended(): readonly SqlStatement[] {
    return this.#reserved === undefined ? [] : [this.#source.reservations.end(this.#id)];
  }

  async #growOn(): Promise<void> {
    while (this.#received > (this.#reserved ?? 0)) {
      const received = this.#received;
      if (await this.#tryReserve(received + this.#step)) continue;
      if (this.#step === 0) await this.#reserve(received, false);
      this.#step = this.#step > LEAST_STEP_BYTES ? this.#step / 2 : 0;
    }
  }

  async #reserve(bytes: number, isEarly: boolean): Promise<void> {
    if (await this.#tryReserve(bytes)) return;
    const { place } = this.#options;
    let use = await this.#source.uses.find(place);
    if (use === undefined) {
      await this.#source.uses.finish(place);
      use = await this.#source.uses.find(place);
    }
    // What was being counted may be counted now.
    if (use === undefined || (await this.#tryReserve(bytes))) return;
    const left = leftOf(this.#quota ?? { maxBytes: null, maxFiles: null }, use);
    this.#source.refused(left, isEarly);
    this.#refusal = quotaExceeded(left, bytes);
    throw this.#refusal;
  }

  /**
   * Waits until no other file of the name is between here and its record: the last record of a name is then that of the file in the
   * store.
   */
  async #claim(): Promise<void> {
    const deadline = performance.now() + CLAIM_PATIENCE_MS;
    while (!(await this.#source.reservations.claim(this.#reservation))) {
      if (performance.now() > deadline)
        throw new DatabaseError('Conflict', 'Another upload of this name is about to end: send it again.');
      await delay(CLAIM_RETRY_MS * (0.5 + Math.random()));
    }
  }

  async #tryReserve(bytes: number): Promise<boolean> {
    const isReserved = await this.#source.reservations.reserve(this.#reservation, bytes, this.#reserved);
    if (isReserved) this.#reserved = bytes;
    return isReserved;
  }

  get #reservation(): Reservation {
    const { place, owner, objectKey } = this.#options;
    return { id: this.#id, place, owner, objectKey };
  }
}
