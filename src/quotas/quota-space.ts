import { Injectable } from '@nestjs/common';
import { quotaOfStage } from '../stages/catalog/stage.js';
import type { OpenedStage } from '../stages/files/stage.service.js';
import type { CounterFamily } from '../metrics/families.js';
import { Metrics } from '../metrics/metrics.js';
import { ReservationRepository, type QuotaOwner } from './reservation.repository.js';
import { FileSpace, type SpaceSource } from './stage-space.js';
import { leftOf, StageUseRepository } from './stage-use.repository.js';
import { quotaExceeded, type QuotaLeft } from './quota-error.js';

/** Gives files on their way their room in the quotas of their stages. */
@Injectable()
export class QuotaSpace {
  readonly #source: SpaceSource;
  readonly #refused: CounterFamily;

  constructor(reservations: ReservationRepository, uses: StageUseRepository, metrics: Metrics) {
    const help = 'Files that were refused because of the quota of their stage, before or while they came';
    const labels = { limit: ['bytes', 'files'], when: ['before', 'while'] };
    this.#refused = metrics.counters('stagedoor_quota_refusals_total', help, labels);
    const refused = ({ leftFiles }: QuotaLeft, isEarly: boolean): void => {
      this.#refused.child(leftFiles === 0 ? 'files' : 'bytes', isEarly ? 'before' : 'while').inc();
    };
    this.#source = { reservations, uses, refused };
  }

  /** @throws QuotaError of kind `QuotaExceeded` for more bytes than the stage may hold, whatever is in it. */
  async assertMayHold({ stage, location }: OpenedStage, bytes: number): Promise<void> {
    const quota = quotaOfStage(stage);
    if (quota === null || bytes <= (quota.maxBytes ?? Infinity)) return;
    const use = await this.#source.uses.find(location);
    if (use === undefined) return;
    const left = leftOf(quota, use);
    this.#source.refused(left, true);
    throw quotaExceeded(left, bytes);
  }

  /** @param key relative to the stage. @returns undefined for an external stage. */
  of({ stage, location }: OpenedStage, key: string): FileSpace | undefined {
    if (stage.kind === 'external') return undefined;
    const owner: QuotaOwner = { kind: stage.kind, id: stage.kind === 'user' ? stage.userId : stage.id };
    const objectKey = location.prefix + key;
    return new FileSpace(this.#source, { place: location, owner, quota: quotaOfStage(stage), objectKey });
  }
}
