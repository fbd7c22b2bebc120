import { ndjsonPieces, type ListingType } from '../../stages/files/listing/listing-formats.js';
import type { AuditPageView } from './audit-view.js';

/** A page in the formats of listings: as JSON, or with a line for each event and a last one with `next_cursor`. */
export async function* auditPieces(page: AuditPageView, type: ListingType): AsyncGenerator<string> {
  if (type === 'application/json') {
    yield JSON.stringify(page);
    return;
  }
  const end = { nextCursor: page.next_cursor, unlisted: [] };
  yield* ndjsonPieces({ batches: [page.events], end: () => end });
}
