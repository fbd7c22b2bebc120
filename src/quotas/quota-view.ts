import type { QuotaReport } from './stage-quotas.js';

/** Answer with a quota, and what is used of it. Null for what has no limit. */
export interface QuotaView {
  readonly max_bytes: number | null;
  readonly max_files: number | null;
  readonly used_bytes: number;
  readonly used_files: number;
  /** Bytes that running uploads will add. */
  readonly reserved_bytes: number;
  readonly reserved_files: number;
  readonly left_bytes: number | null;
  readonly left_files: number | null;
  /** ISO 8601 in UTC: when the store was last asked. Null without a quota. */
  readonly counted_on: string | null;
}

export function quotaView(report: QuotaReport): QuotaView {
  return {
    max_bytes: report.maxBytes,
    max_files: report.maxFiles,
    used_bytes: report.usedBytes,
    used_files: report.usedFiles,
    reserved_bytes: report.reservedBytes,
    reserved_files: report.reservedFiles,
    left_bytes: report.leftBytes,
    left_files: report.leftFiles,
    counted_on: report.countedAt?.toISOString() ?? null,
  };
}
