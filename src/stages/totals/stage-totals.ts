import { Injectable } from '@nestjs/common';
import type { Principal } from '../../access/principal.js';
import { type FileTotals, KnownTotals } from '../../file-metadata/known-totals.repository.js';
import { stagePrefix } from '../files/stage-path.js';
import { type OpenedStage, StageService } from '../files/stage.service.js';

export interface TotalsOptions {
  readonly prefix: string;
  /** Counts anew, by a listing. */
  readonly isFresh: boolean;
  readonly signal: AbortSignal;
}

/** Number and size of a stage's files. */
@Injectable()
export class StageTotals {
  constructor(
    private readonly stages: StageService,
    private readonly known: KnownTotals,
  ) {}

  async count(
    name: string,
    principal: Principal,
    { prefix, isFresh, signal }: TotalsOptions,
  ): Promise<FileTotals> {
    const stage = await this.stages.resolve(name, principal, 'Read');
    if (isFresh) return this.#listed(stage, prefix, signal);
    const checked = stagePrefix(prefix, stage.storage.capabilities);
    const visible = withinScope(checked, principal.token?.scope?.prefix ?? '');
    if (visible === undefined) return { files: 0, bytes: 0 };
    return this.known.below(stage.location.store, stage.location.prefix + visible);
  }

  async #listed(stage: OpenedStage, prefix: string, signal: AbortSignal): Promise<FileTotals> {
    let [files, bytes] = [0, 0];
    for await (const batch of this.stages.statFiles(stage, { prefix, signal })) {
      files += batch.length;
      for (const { size } of batch) bytes += size;
    }
    return { files, bytes };
  }
}

/** Returns the prefix of the names that begin with both; undefined if none does. */
function withinScope(prefix: string, scope: string): string | undefined {
  if (prefix.startsWith(scope)) return prefix;
  return scope.startsWith(prefix) ? scope : undefined;
}
