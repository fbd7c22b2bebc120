import { factsOfObject, formatLastModified, type FileRowOf } from '../../stages/files/stage-file-row.js';
import type { Row } from '../rows/table.js';

/**
 * Builds a row of LIST over SQL. The md5 is in double quotes, as in Databend: the object's ETag if the store's ETags are
 * digests of the content, also of an object that was uploaded in parts; otherwise the file's digest, if known. REST shows
 * digests without quotes.
 */
export const listStageRow: FileRowOf<Row> = (stat, { contentEtag }, stored) => {
  const facts = factsOfObject(stat, stored);
  const etag = contentEtag ? stat.etag : null;
  return [
    stat.key,
    stat.size,
    etag ?? quoted(facts?.md5 ?? stat.md5),
    formatLastModified(stat.lastModified),
    facts?.creator ?? null,
  ];
};

function quoted(digest: string | null): string | null {
  return digest === null ? null : `"${digest}"`;
}
