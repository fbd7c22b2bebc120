import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { Inject, Injectable } from '@nestjs/common';
import { MASTER_KEYS, type MasterKeys } from '../../keys/master-keys.js';
import { TokenSigner } from '../../keys/token-signer.js';
import { QueryError } from '../query-error.js';
import type { QueryKey } from '../runs/query-key.js';
import type { SessionFacts } from './query-facts.js';
import type { ChosenRoles } from '../../users/principals/principals.js';
import type { PagePosition } from '../rows/page.js';

/** Lifetime of a cursor. A result ends if its next page is not requested within this time. */
export const CURSOR_LIFE_MS = 3_600_000;
/** Characters. Proxies reject longer URLs, which a statement with long conditions would need. */
const MAX_CURSOR_LENGTH = 6000;

/** Everything that a replica needs to continue a result. No server stores any of it. */
export interface PageCursor {
  readonly sql: string;
  readonly facts: SessionFacts;
  /** The session's roles. Each page asks what they give now. */
  readonly roles: ChosenRoles;
  readonly maxRowsPerPage: number;
  readonly waitMs: number;
  /** Number of the page that the cursor leads to. */
  readonly page: number;
  readonly position: PagePosition;
}

interface SignedCursor {
  readonly user: string;
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly expires: number;
  /** JSON of the cursor, deflated. */
  readonly cursor: string;
}

/** Signs and verifies cursors. A cursor is bound to a user, a query and a page, and expires. */
@Injectable()
export class PageCursors {
  readonly #signer: TokenSigner;

  constructor(@Inject(MASTER_KEYS) keys: MasterKeys) {
    this.#signer = new TokenSigner(keys, 'page cursor');
  }

  /** @throws QueryError of kind `BadArguments` if the statement is too long for a cursor. */
  sign({ userId, id }: QueryKey, cursor: PageCursor): string {
    const content: SignedCursor = {
      user: userId,
      id,
      expires: Date.now() + CURSOR_LIFE_MS,
      cursor: deflateRawSync(JSON.stringify(cursor)).toString('base64'),
    };
    const token = this.#signer.sign(content);
    if (token.length <= MAX_CURSOR_LENGTH) return token;
    throw new QueryError(
      'BadArguments',
      'The statement is too long for a result of more than one page: shorten it, or add a LIMIT.',
    );
  }

  /** @throws QueryError if this is not the cursor of that user, query and page, or if it has expired. */
  verify({ userId, id }: QueryKey, page: number, token: string): PageCursor {
    const content = this.#signer.verify(token) as SignedCursor | undefined; // signed by `sign`
    if (content?.user !== userId || content.id !== id) throw invalidPage(id, page);
    if (content.expires < Date.now()) {
      throw new QueryError('ClosedQuery', `Query ${id} is closed for timed out.`);
    }
    const cursor = JSON.parse(inflateRawSync(Buffer.from(content.cursor, 'base64')).toString()) as PageCursor;
    if (cursor.page !== page) throw invalidPage(id, page);
    return cursor;
  }
}

export function invalidPage(id: string, page: number): QueryError {
  return new QueryError(
    'InvalidPage',
    `Invalid page number: page ${String(page)} of query ${id} is read by the next_uri of the page before it.`,
  );
}
