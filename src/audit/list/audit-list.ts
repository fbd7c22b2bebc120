import { Injectable } from '@nestjs/common';
import { requirePrivilege } from '../../access/access.js';
import type { Principal } from '../../access/principal.js';
import { SERVICE } from '../../access/privileges.js';
import { ListCursors, type CursorScope } from '../../stages/list-cursors.js';
import type { AuditQuery } from './audit-query.dto.js';
import { auditEventView, type AuditPageView } from './audit-view.js';
import { AuditRepository } from './audit.repository.js';

/** Pages of the audit, the latest events first. */
@Injectable()
export class AuditList {
  constructor(
    private readonly repository: AuditRepository,
    private readonly cursors: ListCursors,
  ) {}

  /**
   * A page may have fewer events than its limit, even none, and a cursor: few events match, and the search goes on there.
   *
   * @throws AccessError; StageError of kind `InvalidCursor`.
   */
  async page({ selection, cursor, limit }: AuditQuery, principal: Principal): Promise<AuditPageView> {
    requirePrivilege(principal, 'ShowAudit', SERVICE);
    const { from, to, user, stage, path, action, outcome } = selection;
    const scope: CursorScope = {
      reader: [principal.userId],
      place: ['audit'],
      selection: [from, to, user, stage, path, action, outcome],
    };
    const before = cursor === undefined ? undefined : this.cursors.read(scope, cursor).after;
    const { rows, next } = await this.repository.list(selection, before, limit);
    return {
      events: rows.map(auditEventView),
      next_cursor: next === undefined ? null : this.cursors.write(scope, { after: next }),
    };
  }
}
