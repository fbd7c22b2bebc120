import { factsOfObject, formatLastModified, type FileRowOf } from '../../stages/files/stage-file-row.js';
import type { Row } from '../rows/table.js';

/**
 * A row of LIST over SQL. Its md5 is in double quotes, as in Databend: the object's ETag where that is one of the content,
 * also of an object that went up in parts; else the digest of the file, where it is known. (REST shows digests bare.)
 */
export const listStageRow: FileRowOf<Row> = (stat, { contentEtag }, taken) => {
  const known = factsOfObject(stat, taken);
  const etag = contentEtag ? stat.etag : null;
  return [
    stat.key,
    stat.size,
    etag ?? quoted(known?.md5 ?? stat.md5),
    formatLastModified(stat.lastModified),
    known?.creator ?? null,
  ];
};

function quoted(digest: string | null): string | null {
  return digest === null ? null : `"${digest}"`;
}
