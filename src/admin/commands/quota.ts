import { OPERATOR } from '../../access/principal.js';
import { quotaOf } from '../../access/quota.js';
import { LimitedStages } from '../../quotas/limited-stages.js';
import { StageQuotas, type LimitedStage, type QuotaReport } from '../../quotas/stage-quotas.js';
import { AdminError } from '../admin-error.js';
import { withServices } from '../admin-services.js';
import type { CommandCall, CommandOptions } from '../command-call.js';

/** Options of the two commands. */
export const QUOTA_OPTIONS = {
  bytes: { type: 'string' },
  files: { type: 'string' },
  force: { type: 'boolean' },
  remove: { type: 'boolean' },
  fresh: { type: 'boolean' },
} as const;

/** Shows, sets or removes the quota of an internal stage. */
export async function stageQuota(call: CommandCall): Promise<void> {
  await quota(call, (stages, name) => stages.find(name, OPERATOR));
}

/** The same for a user's own stage. */
export async function userQuota(call: CommandCall): Promise<void> {
  await quota(call, (stages, name) => stages.findOwn(name, OPERATOR));
}

async function quota(
  { config, args: [name = ''], options, report }: CommandCall,
  find: (stages: LimitedStages, name: string) => Promise<LimitedStage>,
): Promise<void> {
  const limits = quotaOf(limitFrom(options, 'bytes'), limitFrom(options, 'files'));
  await withServices(config, async (services) => {
    const stage = await find(services.get(LimitedStages), name);
    const quotas = services.get(StageQuotas);
    if (options['remove'] === true) {
      await quotas.remove(stage);
      report(`removed the quota of ${stage.name}`);
      return;
    }
    const shown =
      limits === null
        ? await quotas.show(stage, { isFresh: options['fresh'] === true })
        : await quotas.set(stage, limits, { force: options['force'] === true });
    linesOf(shown).forEach(report);
  });
}

/** @throws AdminError of kind `Usage`. */
function limitFrom(options: CommandOptions, name: 'bytes' | 'files'): number | null {
  const given = options[name];
  if (given === undefined) return null;
  const limit = typeof given === 'string' && /^\d+$/.test(given) ? Number(given) : Number.NaN;
  if (Number.isSafeInteger(limit)) return limit;
  throw new AdminError(
    'Usage',
    `--${name} must be a whole number from 0 to ${String(Number.MAX_SAFE_INTEGER)}.`,
  );
}

function linesOf(report: QuotaReport): readonly string[] {
  const { maxBytes, leftBytes, maxFiles, leftFiles } = report;
  return [
    lineOf('bytes', report.usedBytes, report.reservedBytes, leftText(maxBytes, leftBytes)),
    lineOf('files', report.usedFiles, report.reservedFiles, leftText(maxFiles, leftFiles)),
  ];
}

function lineOf(what: string, used: number, reserved: number, left: string): string {
  return `${what}: ${String(used)} used, ${String(reserved)} reserved, ${left}`;
}

function leftText(limit: number | null, left: number | null): string {
  return limit === null ? 'no limit' : `${String(left)} left of ${String(limit)}`;
}
