import type { Quota } from '../../access/quota.js';
import type {
  ConnectionSummary,
  StorageConnection,
} from '../../storage/contract/storage-provider-factory.js';
import { DEFAULT_FILE_FORMAT, type FileFormat } from '../file-formats/file-format.js';
import { quotaOfStage, type ExternalStage, type Stage } from './stage.js';
import { StorageError } from '../../storage/contract/storage-error.js';
import { StageError } from '../stage-error.js';
import { SealedBoxError } from '../../keys/sealed-box-error.js';

/** A stage as users see it: the columns of Databend's SHOW STAGES, with every secret masked. */
export interface StageView {
  readonly name: string;
  readonly stage_type: 'Internal' | 'External';
  readonly storage_type: string | null;
  readonly url: string | null;
  readonly endpoint: string | null;
  readonly has_credentials: boolean;
  readonly has_encryption_key: boolean;
  readonly storage_params: ConnectionSummary['params'] | null;
  /** The name of the connection that the stage refers to; null for a connection of its own, and for one that is gone. */
  readonly connection_ref: string | null;
  readonly file_format_options: FileFormat;
  readonly creator: string | null;
  /** ISO 8601 in UTC; null for a user's own stage, which has no creation time. */
  readonly created_on: string | null;
  readonly comment: string;
  /** The name of the role that owns it; null for a user's own stage. */
  readonly owner: string | null;
  /** Null for no limits. */
  readonly quota: { readonly max_bytes: number | null; readonly max_files: number | null } | null;
}

type Describe = (connection: StorageConnection) => ConnectionSummary;

/** @param owner the name of the role that owns the stage. */
export function stageView(stage: Stage, describe: Describe, owner: string | null): StageView {
  const named = stage.kind === 'user' ? null : stage;
  const external = stage.kind === 'external' ? externalView(stage, describe) : null;
  return {
    name: stage.name,
    stage_type: external === null ? 'Internal' : 'External',
    storage_type: external?.scheme ?? null,
    url: external?.url ?? null,
    endpoint: external?.endpoint ?? null,
    has_credentials: external?.hasCredentials ?? false,
    has_encryption_key: false,
    storage_params: external?.params ?? null,
    connection_ref: stage.kind === 'external' ? (stage.connectionRef?.name ?? null) : null,
    file_format_options: named?.fileFormat ?? DEFAULT_FILE_FORMAT,
    creator: named?.creator ?? null,
    created_on: named?.createdOn.toISOString() ?? null,
    comment: named?.comment ?? '',
    owner: named === null ? null : owner,
    quota: quotaView(quotaOfStage(stage)),
  };
}

function quotaView(quota: Quota | null): StageView['quota'] {
  return quota === null ? null : { max_bytes: quota.maxBytes, max_files: quota.maxFiles };
}

/**
 * Returns no columns for a connection that this server's key does not decrypt, that is gone, or that the settings do not allow any
 * more: the stage can still be listed, altered and dropped.
 */
function externalView(
  stage: ExternalStage,
  describe: Describe,
): Partial<StorageConnection & ConnectionSummary> {
  try {
    const connection = stage.decryptConnection();
    return { scheme: connection.scheme, url: connection.url, ...describe(connection) };
  } catch (error) {
    if (error instanceof SealedBoxError || error instanceof StageError || error instanceof StorageError)
      return {};
    throw error;
  }
}
