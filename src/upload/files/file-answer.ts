import type { UploadAnswer } from '../../journal/records/upload-state.js';
import type { StoredFile } from './file-consumer.js';

/** Answers with the row of the only file in a listing: 201 for a new file, 200 for a replaced one. */
export async function answerWithRow([stored]: readonly StoredFile[]): Promise<UploadAnswer> {
  if (stored === undefined) throw new TypeError('an upload without a file');
  const { uploaded } = stored;
  const etag = uploaded.outcome === 'stored' ? uploaded.result.etag : uploaded.existing.etag;
  return {
    status: uploaded.outcome === 'stored' && uploaded.isNew ? 201 : 200,
    headers: etag === null ? {} : { etag },
    body: await stored.row(),
  };
}
