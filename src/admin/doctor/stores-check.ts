import type { INestApplicationContext } from '@nestjs/common';
import { AppError } from '../../common/app-error.js';
import { StageRepository } from '../../stages/catalog/stage.repository.js';
import type { ExternalStage } from '../../stages/catalog/stage.js';
import type { CheckReport } from '../../stages/check/check-report.js';
import { InternalStorageCheck } from '../../stages/check/internal-storage-check.js';
import { StageChecks } from '../../stages/check/stage-checks.js';
import { error, ok, type Check, type Finding } from './finding.js';

/** A check of a stage takes five seconds at most, and most of it is waiting. */
const AT_ONCE = 8;

/** Lists, writes, reads and removes in the internal storage, as a check of a stage does. */
export async function checkInternalStorage(services: INestApplicationContext): Promise<readonly Finding[]> {
  const problem = await services.get(InternalStorageCheck).problem();
  const report = await services.get(StageChecks).checkInternal();
  return [
    ...(problem === undefined ? [] : [error('internal-storage', problem)]),
    ...reportFindings('internal-storage', 'The internal storage', report),
  ];
}

/** Checks every external stage. */
export async function checkStages(services: INestApplicationContext): Promise<readonly Finding[]> {
  const checks = services.get(StageChecks);
  const findings: Finding[] = [];
  for await (const batch of services.get(StageRepository).list({})) {
    const external = batch.filter((stage): stage is ExternalStage => stage.kind === 'external');
    for (let index = 0; index < external.length; index += AT_ONCE) {
      const group = external.slice(index, index + AT_ONCE);
      const found = await Promise.all(group.map((stage) => stageFindings(checks, stage)));
      findings.push(...found.flat());
    }
  }
  return findings.length === 0 ? [ok('stages', 'There are no external stages.')] : findings;
}

async function stageFindings(checks: StageChecks, stage: ExternalStage): Promise<readonly Finding[]> {
  try {
    return reportFindings('stages', `The stage ${stage.name}`, await checks.check(stage));
  } catch (problem) {
    if (problem instanceof AppError) return [error('stages', `The stage ${stage.name}: ${problem.message}`)];
    throw problem;
  }
}

function reportFindings(check: Check, subject: string, report: CheckReport): readonly Finding[] {
  if (report.ok) return [ok(check, `${subject} can be listed, written, read and removed from.`)];
  const failed = report.checks.filter((result) => result.ok === false);
  return failed.map(({ check: what, reason = '', advice }) =>
    error(what === 'clock' ? 'clock' : check, `${subject} fails at ${what}: ${reason}`, advice),
  );
}
