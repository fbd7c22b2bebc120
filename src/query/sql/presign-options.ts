import type { Presign } from './ast.js';
import type { TokenStream } from './lexer/token-stream.js';

export type PresignOptions = Pick<Presign, 'expiresInSeconds' | 'contentType'>;

/** Parses `[EXPIRE = seconds] [CONTENT_TYPE = '…']` in any order. The last of each counts. */
export function parsePresignOptions(tokens: TokenStream): PresignOptions {
  let expiresInSeconds: number | undefined;
  let contentType: string | undefined;
  for (;;) {
    const option = tokens.acceptWord('EXPIRE', 'CONTENT_TYPE');
    if (option === undefined) return { expiresInSeconds, contentType };
    tokens.expectSymbol('=');
    if (option === 'EXPIRE') expiresInSeconds = tokens.expectInteger();
    else contentType = tokens.expectString();
  }
}
