import type { IncomingHttpHeaders } from 'node:http';

/** Codings that leave the content unchanged (RFC 2045 6.2). */
const PLAIN = /^(?:identity|7bit|8bit|binary)?$/i;

/** Returns the header with its value if it declares an encoding; undefined if not. */
export function codingIn(header: string, value: string): string | undefined {
  const isPlain = value.split(',').every((coding) => PLAIN.test(coding.trim()));
  return isPlain ? undefined : `${header}: ${value.trim().slice(0, 50)}`;
}

/**
 * Returns the header that declares the body as encoded; undefined if none does. Node decodes chunks, but no other
 * transfer coding.
 */
export function codingOf(headers: IncomingHttpHeaders): string | undefined {
  const transfer = (headers['transfer-encoding'] ?? '').replace(/(?:^|,)\s*chunked\s*$/i, '');
  const transferEncoding = headers['content-transfer-encoding'];
  return (
    codingIn('Content-Encoding', headers['content-encoding'] ?? '') ??
    codingIn('Transfer-Encoding', transfer) ??
    codingIn('Content-Transfer-Encoding', String(transferEncoding ?? '')) ??
    chunksOfS3(headers)
  );
}

/** Detects the chunk signatures that S3 SDKs put into a body. */
function chunksOfS3(headers: IncomingHttpHeaders): string | undefined {
  const digest = String(headers['x-amz-content-sha256'] ?? '');
  if (digest.startsWith('STREAMING-')) return codingIn('x-amz-content-sha256', digest);
  return headers['x-amz-decoded-content-length'] === undefined ? undefined : 'x-amz-decoded-content-length';
}
