import { isProbe } from '../../../storage/contract/object-key.js';
import { isCommonPrefix, type LevelEntry } from '../../../storage/contract/levels/level-entry.js';
import type { ObjectStat } from '../../../storage/contract/storage-provider.js';
import { stageFileRow } from '../stage-file-row.js';
import { stagePrefix } from '../stage-path.js';
import type { FileQuery, OpenedStage, StageService } from '../stage.service.js';
import type { ListedEntry } from './listed-entry.js';

/** Lists the files and common prefixes of one level, in byte order. Batches are never empty. */
export async function* listLevel(
  stages: StageService,
  stage: OpenedStage,
  { prefix = '', startAfter, signal, paging }: FileQuery,
): AsyncGenerator<readonly ListedEntry[]> {
  const { storage } = stage;
  const options = { ...paging, prefix: stagePrefix(prefix, storage.capabilities), startAfter, signal };
  for await (const batch of storage.listLevel(options)) {
    const entries: ListedEntry[] = [];
    for (const run of runsOf(batch)) {
      if (isCommonPrefix(run)) entries.push(run);
      else entries.push(...(await stages.rowsOf(stage, run, stageFileRow)));
    }
    if (entries.length > 0) yield entries;
  }
}

/**
 * Joins neighbouring files: what is recorded of them is looked up by their range. Nothing else lies in it, whereas a common prefix may
 * have a million records.
 */
function runsOf(batch: readonly LevelEntry[]): readonly (Exclude<LevelEntry, ObjectStat> | ObjectStat[])[] {
  const runs: (Exclude<LevelEntry, ObjectStat> | ObjectStat[])[] = [];
  for (const entry of batch) {
    const run = runs.at(-1);
    if (isCommonPrefix(entry)) runs.push(entry);
    else if (isProbe(entry.key)) continue;
    else if (Array.isArray(run)) run.push(entry);
    else runs.push([entry]);
  }
  return runs;
}
