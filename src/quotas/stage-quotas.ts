import { Injectable } from '@nestjs/common';
import type { Quota } from '../access/quota.js';
import type { SqlStatement } from '../database/sql.js';
import type { StageRoot } from '../stages/files/stage-storage.js';
import { QuotaError, type QuotaLeft } from './quota-error.js';
import { StageCounter } from './stage-counter.js';
import { leftOf, StageUseRepository, type StageUse } from './stage-use.repository.js';

/** A stage that may have a quota. */
export interface LimitedStage {
  /** As in messages. */
  readonly name: string;
  readonly root: StageRoot;
  readonly quota: Quota | null;
  /** Commits another quota, together with other statements. */
  readonly change: (quota: Quota | null, statements: readonly SqlStatement[]) => Promise<void>;
}

/** A quota, what is used of it, and what is left. */
export interface QuotaReport extends QuotaLeft {
  readonly usedBytes: number;
  readonly usedFiles: number;
  readonly reservedBytes: number;
  readonly reservedFiles: number;
  /** When its store was last asked. Null for a stage without a quota. */
  readonly countedAt: Date | null;
}

export interface ShowOptions {
  /** Counts anew, by a listing. */
  readonly isFresh: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface SetOptions {
  /** Accepts a quota below what is used: nothing can be added then. */
  readonly force: boolean;
  readonly signal?: AbortSignal | undefined;
}

const NO_QUOTA: Quota = { maxBytes: null, maxFiles: null };

/** Quotas of internal stages and of users' own stages, for REST and commands alike. */
@Injectable()
export class StageQuotas {
  constructor(
    private readonly uses: StageUseRepository,
    private readonly counter: StageCounter,
  ) {}

  async show({ root, quota }: LimitedStage, { isFresh, signal }: ShowOptions): Promise<QuotaReport> {
    if (quota !== null && isFresh) await this.counter.recount(root, { signal });
    const use = quota === null ? undefined : await this.uses.find(root.location);
    if (use !== undefined) return reportOf(quota ?? NO_QUOTA, use, use.countedAt);
    const counted = await this.#count(root, isFresh ? { signal } : undefined);
    return reportOf(quota ?? NO_QUOTA, counted.use, null);
  }

  /**
   * Sets a quota in place of any before. A stage that had none is counted first.
   *
   * @throws QuotaError of kind `QuotaBelowUse`; nothing is changed then.
   */
  async set(stage: LimitedStage, quota: Quota, { force, signal }: SetOptions): Promise<QuotaReport> {
    const { location } = stage.root;
    const use = stage.quota === null ? undefined : await this.uses.find(location);
    if (use === undefined) {
      const counted = await this.#count(stage.root, { signal });
      if (!force) assertNotBelow(stage, quota, counted.use);
      await stage.change(quota, [this.uses.restart(location, counted.outside)]);
      await this.uses.finish(location);
    } else {
      if (!force) assertNotBelow(stage, quota, use);
      await stage.change(quota, []);
    }
    return this.show({ ...stage, quota }, { isFresh: false });
  }

  /** Removes the quota. */
  async remove(stage: LimitedStage): Promise<void> {
    await stage.change(null, [this.uses.end(stage.root.location)]);
  }

  async #count(
    root: StageRoot,
    listing: { readonly signal?: AbortSignal | undefined } | undefined,
  ): Promise<{
    readonly use: StageUse;
    readonly outside: { readonly bytes: number; readonly files: number };
  }> {
    const outside =
      listing === undefined ? { bytes: 0, files: 0 } : await this.counter.outside(root, listing);
    const recorded = await this.uses.recorded(root.location);
    const use = {
      bytes: recorded.bytes + outside.bytes,
      files: recorded.files + outside.files,
      reservedBytes: 0,
      reservedFiles: 0,
      countedAt: new Date(),
    };
    return { use, outside };
  }
}

function reportOf(quota: Quota, use: StageUse, countedAt: Date | null): QuotaReport {
  const { bytes, files, reservedBytes, reservedFiles } = use;
  return {
    ...leftOf(quota, use),
    usedBytes: bytes,
    usedFiles: files,
    reservedBytes,
    reservedFiles,
    countedAt,
  };
}

function assertNotBelow({ name }: LimitedStage, { maxBytes, maxFiles }: Quota, use: StageUse): void {
  const [bytes, files] = [use.bytes + use.reservedBytes, use.files + use.reservedFiles];
  if (bytes <= (maxBytes ?? Infinity) && files <= (maxFiles ?? Infinity)) return;
  throw new QuotaError(
    'QuotaBelowUse',
    `The stage ${name} uses ${String(bytes)} bytes and ${String(files)} files, running uploads included, which is more than the quota. ` +
      'Remove files, or set it nevertheless with force: then nothing can be added until it uses less.',
    leftOf({ maxBytes, maxFiles }, use),
  );
}
