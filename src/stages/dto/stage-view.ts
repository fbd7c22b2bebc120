import type { ConnectionSummary } from '../../storage/contract/storage-provider-factory.js';
import { DEFAULT_FILE_FORMAT, type FileFormat, type Stage } from '../stage.js';

/** A stage as it is shown: the columns of Databend's SHOW STAGES, every secret masked. */
export interface StageView {
  readonly name: string;
  readonly stage_type: 'Internal' | 'External';
  readonly storage_type: string | null;
  readonly url: string | null;
  readonly endpoint: string | null;
  readonly has_credentials: boolean;
  readonly has_encryption_key: boolean;
  readonly storage_params: ConnectionSummary['params'] | null;
  readonly file_format_options: FileFormat;
  readonly creator: string | null;
  /** ISO 8601 in UTC; null for a user's own stage, which was always there. */
  readonly created_on: string | null;
  readonly comment: string;
  readonly owner: string | null;
}

export function stageView(stage: Stage, summary: ConnectionSummary | null): StageView {
  const named = stage.kind === 'user' ? null : stage;
  const external = stage.kind === 'external' ? stage : null;
  return {
    name: stage.name,
    stage_type: external === null ? 'Internal' : 'External',
    storage_type: external?.connection.scheme ?? null,
    url: external?.connection.url ?? null,
    endpoint: summary?.endpoint ?? null,
    has_credentials: summary?.hasCredentials ?? false,
    has_encryption_key: false,
    storage_params: summary?.params ?? null,
    file_format_options: named?.fileFormat ?? DEFAULT_FILE_FORMAT,
    creator: named?.creator ?? null,
    created_on: named?.createdOn.toISOString() ?? null,
    comment: named?.comment ?? '',
    owner: null,
  };
}
