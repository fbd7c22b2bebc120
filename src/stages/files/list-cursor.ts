import { z } from 'zod';
import { StageError } from '../stage-error.js';

const CURSOR = z.strictObject({
  after: z
    .string()
    .min(1)
    .refine((name) => name.isWellFormed()),
});

/** Encodes an opaque cursor for the page after this name. */
export function encodeCursor(lastName: string): string {
  return Buffer.from(JSON.stringify({ after: lastName })).toString('base64url');
}

/** @throws StageError of kind `InvalidCursor`. */
export function decodeCursor(cursor: string): string {
  try {
    return CURSOR.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString())).after;
  } catch {
    throw new StageError(
      'InvalidCursor',
      'The cursor cannot be read: pass on next_cursor as the last answer gave it.',
    );
  }
}
