import { Injectable } from '@nestjs/common';
import { requirePrivilege } from '../../access/access.js';
import type { Principal } from '../../access/principal.js';
import { SERVICE } from '../../access/privileges.js';
import { decodeUploadCursor, encodeUploadCursor } from './upload-cursor.js';
import { UploadListRepository } from './upload-list.repository.js';
import type { UploadState, UploadSummary } from './upload-state.js';

export interface UploadListQuery {
  /** Those of all users, which only administrators may see. */
  readonly all: boolean;
  readonly state: UploadState | undefined;
  readonly idempotencyKey: string | undefined;
  readonly cursor: string | undefined;
  readonly limit: number;
}

export interface UploadPage {
  readonly uploads: readonly UploadSummary[];
  /** Null on the last page. */
  readonly nextCursor: string | null;
}

/** Lists recorded uploads, the latest first. */
@Injectable()
export class UploadList {
  constructor(private readonly repository: UploadListRepository) {}

  /** @throws JournalError of kind `InvalidCursor`; AccessError. */
  async page(query: UploadListQuery, principal: Principal): Promise<UploadPage> {
    requirePrivilege(principal, query.all ? 'ShowAllUploads' : 'ShowUploads', SERVICE);
    const { cursor, limit } = query;
    const found = await this.repository.list({
      userId: query.all ? undefined : principal.userId,
      state: query.state,
      idempotencyKey: query.idempotencyKey,
      after: cursor === undefined ? undefined : decodeUploadCursor(cursor),
      limit: limit + 1,
    });
    const uploads = found.slice(0, limit);
    const last = uploads.at(-1);
    const hasMore = found.length > limit && last !== undefined;
    const nextCursor = hasMore
      ? encodeUploadCursor({ startedAt: last.startedAt.toISOString(), id: last.id })
      : null;
    return { uploads, nextCursor };
  }
}
