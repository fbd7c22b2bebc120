import type { IncomingHttpHeaders } from 'node:http';

/** Codings of a part's content that change nothing (RFC 2045 6.2). */
const PLAIN = /^(?:identity|7bit|8bit|binary)?$/i;

/** By which a header says that what it speaks of is encoded, as it was written; undefined where it is not. */
export function codingIn(header: string, value: string): string | undefined {
  const isPlain = value.split(',').every((coding) => PLAIN.test(coding.trim()));
  return isPlain ? undefined : `${header}: ${value.trim().slice(0, 50)}`;
}

/**
 * By which the headers of a request say that its body is not what is meant, but an encoding of it. Node takes the chunks of a
 * body apart, and no coding under them.
 */
export function codingOf(headers: IncomingHttpHeaders): string | undefined {
  const transfer = (headers['transfer-encoding'] ?? '').replace(/,?\s*chunked\s*$/i, '');
  const transferEncoding = headers['content-transfer-encoding'];
  return (
    codingIn('Content-Encoding', headers['content-encoding'] ?? '') ??
    codingIn('Transfer-Encoding', transfer) ??
    codingIn('Content-Transfer-Encoding', String(transferEncoding ?? '')) ??
    chunksOfS3(headers)
  );
}

/** The SDKs of S3 sign a body piece by piece, and put the signatures between them. */
function chunksOfS3(headers: IncomingHttpHeaders): string | undefined {
  const digest = String(headers['x-amz-content-sha256'] ?? '');
  if (digest.startsWith('STREAMING-')) return codingIn('x-amz-content-sha256', digest);
  return headers['x-amz-decoded-content-length'] === undefined ? undefined : 'x-amz-decoded-content-length';
}
