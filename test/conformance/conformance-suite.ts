import { abortCases } from './cases/abort.cases.js';
import { copyCases, moveCases } from './cases/copy.cases.js';
import { getCases } from './cases/get.cases.js';
import { inspectCases } from './cases/inspect.cases.js';
import { keyCases } from './cases/key.cases.js';
import { listLevelCases } from './cases/list-level.cases.js';
import { listManyCases } from './cases/list-many.cases.js';
import { listPagingCases } from './cases/list-paging.cases.js';
import { listCases } from './cases/list.cases.js';
import { orphanCases } from './cases/orphan.cases.js';
import { memoryCases } from './cases/memory.cases.js';
import { nameCases } from './cases/name.cases.js';
import { presignCases } from './cases/presign.cases.js';
import { putChecksumCases } from './cases/put-checksum.cases.js';
import { putConditionCases } from './cases/put-condition.cases.js';
import { putConsentCases } from './cases/put-consent.cases.js';
import { putFailureCases } from './cases/put-failure.cases.js';
import { putCases } from './cases/put.cases.js';
import { removeCases } from './cases/remove.cases.js';
import type { ConformanceCase, ConformanceContext } from './conformance-case.js';
import { assertHolds, putText, withinMs } from './expectations.js';

export type { ConformanceCase, ConformanceContext };

/** Every sentence of the storage contract. */
export const conformanceCases: readonly ConformanceCase[] = [
  ...putCases,
  ...putFailureCases,
  ...putConditionCases,
  ...putChecksumCases,
  ...putConsentCases,
  ...orphanCases,
  ...memoryCases,
  ...copyCases,
  ...moveCases,
  ...getCases,
  ...listCases,
  ...listManyCases,
  ...listLevelCases,
  ...listPagingCases,
  ...removeCases,
  ...abortCases,
  ...keyCases,
  ...nameCases,
  ...presignCases,
  ...inspectCases,
];

const CASE_TIMEOUT_MS = 30_000;

/** Does what the provider declares make the case apply to it? */
export function applies(
  { needs, needsPlanting, needsInspection }: ConformanceCase,
  { provider, plant }: ConformanceContext,
): boolean {
  if (needsPlanting === true && plant === undefined) return false;
  if (needsInspection === true && provider.inspect === undefined) return false;
  return needs === undefined || needs(provider.capabilities);
}

/**
 * Rejects where the provider does not keep the promise, does not answer, or stores nothing afterwards: a store that is
 * always empty keeps many a promise.
 */
export async function runCase(one: ConformanceCase, context: ConformanceContext): Promise<void> {
  await withinMs(
    CASE_TIMEOUT_MS,
    one.run(context).then(() => requireStoring(context)),
  );
}

async function requireStoring({ provider }: ConformanceContext): Promise<void> {
  const key = await putText(provider, 'behind every case/a.txt', 'it stores');
  await assertHolds(provider, key, 'it stores');
}
