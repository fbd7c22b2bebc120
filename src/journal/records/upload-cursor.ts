import { z } from 'zod';
import { JournalError } from '../journal-error.js';
import type { UploadPlace } from './upload-list.repository.js';

const CURSOR = z.strictObject({ startedAt: z.iso.datetime(), id: z.uuid() });

/** Encodes an opaque cursor for the page after an upload. It is not signed: it chooses no uploads, only where to go on. */
export function encodeUploadCursor({ startedAt, id }: UploadPlace): string {
  return Buffer.from(JSON.stringify({ startedAt, id })).toString('base64url');
}

/** @throws JournalError of kind `InvalidCursor`. */
export function decodeUploadCursor(cursor: string): UploadPlace {
  try {
    return CURSOR.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch {
    throw new JournalError(
      'InvalidCursor',
      'The cursor cannot be read: pass on next_cursor as the last answer gave it.',
    );
  }
}
