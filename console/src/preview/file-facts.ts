import { api, bodyOf } from '../lib/api.js';
import type { StageFile } from '../files/list/file-entry.js';
import type { FileAt } from './read-range.js';

/** Facts about a file, from its row of the listing and the headers of a download. */
export interface FileFacts extends FileAt {
  readonly size: number;
  readonly contentType: string;
  readonly etag: string;
  readonly row: StageFile | undefined;
}

export async function fileFacts({ stage, file }: FileAt): Promise<FileFacts> {
  const head = api.HEAD('/v1/stages/{name}/files/{path}', { params: { path: { name: stage, path: file } } });
  const query = { prefix: file, limit: 1 };
  const listing = bodyOf(api.GET('/v1/stages/{name}/files', { params: { path: { name: stage }, query } }));
  const [{ response }, { files }] = await Promise.all([head, listing]);
  const { headers } = response;
  return {
    stage,
    file,
    size: Number(headers.get('content-length')),
    contentType: headers.get('content-type') ?? '',
    etag: headers.get('etag') ?? '',
    row: files.find(({ name }) => name === file),
  };
}
