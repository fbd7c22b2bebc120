import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { MASTER_KEYS, type MasterKeys } from '../keys/master-keys.js';
import { SealedBox } from '../keys/sealed-box.js';
import { StageError } from './stage-error.js';

/** The scope of a cursor. Each part must be the same when the cursor comes back. */
export interface CursorScope {
  /** The user, and the limits of an API token. */
  readonly reader: readonly unknown[];
  /** The place that is listed. */
  readonly place: readonly unknown[];
  /** The parameters that select from it. */
  readonly selection: readonly unknown[];
}

/** The place where the next page begins. */
export interface ListPosition {
  /** The last name of the page before. */
  readonly after: string;
  /** As in `ListPaging`. */
  readonly resumePoint?: string | undefined;
}

type Digests = Readonly<Record<keyof CursorScope, string>>;

interface CursorContent {
  readonly of: Digests;
  readonly position: ListPosition;
}

const ROW = 'cursor of a listing';
const AGAIN = 'Leave the cursor out to list from the beginning.';

/**
 * Makes and reads the cursors of listings. They are encrypted, because a store's own text may name what lies around a stage, and any
 * server with the same keys reads them. They do not expire.
 */
@Injectable()
export class ListCursors {
  readonly #box: SealedBox;

  constructor(@Inject(MASTER_KEYS) keys: MasterKeys) {
    this.#box = new SealedBox(keys, ROW);
  }

  write(scope: CursorScope, position: ListPosition): string {
    const content: CursorContent = { of: digestsOf(scope), position };
    // Base64 in the letters of URLs, which `decrypt` takes as well.
    return this.#box.encrypt(ROW, content).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  }

  /** @throws StageError of kind `InvalidCursor` that says why the cursor does not fit. */
  read(scope: CursorScope, cursor: string): ListPosition {
    const { of, position } = this.#contentOf(cursor);
    const digests = digestsOf(scope);
    if (of.reader !== digests.reader)
      throw invalid('The cursor was given to another user, or to an API token with other limits.');
    if (of.place !== digests.place)
      throw invalid('The cursor belongs to another stage, or the files of this one lie elsewhere now.');
    if (of.selection !== digests.selection)
      throw invalid(
        'The cursor belongs to a listing with other parameters: with next_cursor send the prefix, pattern, delimiter and like of the page that gave it.',
      );
    return position;
  }

  #contentOf(cursor: string): CursorContent {
    try {
      return this.#box.decrypt(ROW, cursor) as CursorContent; // encrypted by `write`
    } catch {
      throw invalid(
        'The cursor cannot be read: pass on next_cursor as the last answer gave it. One of an earlier version of this service, or of another service, is of no use.',
      );
    }
  }
}

function digestsOf({ reader, place, selection }: CursorScope): Digests {
  return { reader: digest(reader), place: digest(place), selection: digest(selection) };
}

function digest(part: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(part)).digest('base64url').slice(0, 16);
}

function invalid(reason: string): StageError {
  return new StageError('InvalidCursor', `${reason} ${AGAIN}`);
}
