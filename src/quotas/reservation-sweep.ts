import { Injectable, Logger } from '@nestjs/common';
import { loggedError } from '../common/telemetry/logged-error.js';
import { OrphanSweeper } from '../journal/cleanup/orphan-sweeper.js';
import { StageStorage } from '../stages/files/stage-storage.js';
import { ReservationRepository, type StoredReservation } from './reservation.repository.js';
import { StageCounter } from './stage-counter.js';

/**
 * Ends the reservations of servers that have died. What they were about to store may be in the store and on no record, so that each of
 * the stages is counted anew before.
 */
@Injectable()
export class ReservationSweep {
  readonly #logger = new Logger('Quotas');
  #isCounting = false;

  constructor(
    sweeper: OrphanSweeper,
    private readonly reservations: ReservationRepository,
    private readonly storage: StageStorage,
    private readonly counter: StageCounter,
  ) {
    sweeper.onSweep((running) => this.#sweep(running));
  }

  /** A sweep does not wait long for the one before. Never rejects. */
  async #sweep(running: ReadonlySet<string>): Promise<void> {
    if (this.#isCounting) return;
    this.#isCounting = true;
    try {
      await this.#endDead(running);
    } catch (error) {
      this.#logger.warn({ msg: 'reservations were not looked for', error: loggedError(error) });
    } finally {
      this.#isCounting = false;
    }
  }

  async #endDead(running: ReadonlySet<string>): Promise<void> {
    const left = (await this.reservations.ofOtherServers()).filter((one) => !running.has(one.process_id));
    const dead = new Set(left.map(({ process_id: id }) => id));
    for (const prefix of new Set(left.map((one) => one.prefix))) {
      await this.#endIn(
        prefix,
        left.filter((one) => one.prefix === prefix),
        dead,
      );
    }
  }

  async #endIn(
    prefix: string,
    ended: readonly StoredReservation[],
    dead: ReadonlySet<string>,
  ): Promise<void> {
    try {
      const root = this.storage.openAt(prefix);
      if (await this.counter.isCounted(root.location)) await this.counter.recount(root, { dead });
      await this.reservations.endAll(ended);
    } catch (error) {
      const msg = 'a stage could not be counted after a server had died, and is tried again';
      this.#logger.warn({ msg, error: loggedError(error) });
    }
  }
}
