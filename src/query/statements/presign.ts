import type { PresignedUrls } from '../../presigned/presigned-urls.js';
import type { StageService } from '../../stages/files/stage.service.js';
import type { Column } from '../rows/table.js';
import { writtenRows } from '../rows/written-rows.js';
import type { Presign } from '../sql/ast.js';
import { assertNoTraversal, stageLocation } from './stage-location.js';
import type { StatementHandler } from './statement-handler.js';

const COLUMNS: readonly Column[] = [
  { name: 'method', type: 'String' },
  { name: 'headers', type: 'Variant' },
  { name: 'url', type: 'String' },
];

/** `PRESIGN [UPLOAD | DOWNLOAD] @…`: creates a request that needs no credentials. The file need not exist. */
export function presign(stages: StageService, urls: PresignedUrls): StatementHandler<Presign> {
  return async (statement, { principal, baseUrl }) => {
    const { stageName, path } = stageLocation(statement.location);
    const isUpload = statement.action === 'upload';
    const stage = await stages.resolve(stageName, principal, isUpload ? 'Write' : 'Read');
    assertNoTraversal(path, isUpload ? { dotComponents: false } : stage.storage.capabilities);
    const request = await urls.presign(
      stage,
      principal,
      {
        method: isUpload ? 'PUT' : 'GET',
        path,
        collapsesSlashes: true,
        expiresInSeconds: statement.expiresInSeconds,
        contentType: isUpload ? statement.contentType : undefined,
      },
      baseUrl,
    );
    const row = [request.method, JSON.stringify(request.headers), request.url];
    return { columns: COLUMNS, rows: writtenRows([row]) };
  };
}
