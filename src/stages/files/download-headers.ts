import type { IncomingMessage } from 'node:http';
import type { ByteRange, ObjectBody, ObjectStat } from '../../storage/contract/storage-provider.js';
import { attachment } from './content-disposition.js';

export type Headers = Readonly<Record<string, string>>;

/** Headers of every answer about one file. They make a browser save the file and never run it. */
export function fileHeaders(stat: ObjectStat): Headers {
  const headers: Record<string, string> = {
    'content-type': stat.contentType ?? 'application/octet-stream',
    'content-disposition': attachment(stat.key),
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-cache',
    'accept-ranges': 'bytes',
    'last-modified': stat.lastModified.toUTCString(),
  };
  if (stat.etag !== null) headers['etag'] = stat.etag;
  return headers;
}

/** Adds the length of a body, and its position in the file. */
export function bodyHeaders({ stat, range }: ObjectBody, isPartial: boolean): Headers {
  const headers: Record<string, string> = { 'content-length': String(range.end - range.start + 1) };
  if (isPartial)
    headers['content-range'] = `bytes ${String(range.start)}-${String(range.end)}/${String(stat.size)}`;
  return headers;
}

/**
 * Parses the requested range. Several ranges, other units and invalid values are ignored, as RFC 9110 14.2 allows: the
 * answer is then the whole file.
 */
export function requestedRange(request: IncomingMessage): ByteRange | undefined {
  const match = /^bytes=[\t ]*(\d*)[\t ]*-[\t ]*(\d*)$/i.exec(request.headers.range?.trim() ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (match === null || (first === '' && last === '')) return undefined;
  if (first === '') return { suffixLength: positionOf(last) };
  if (last === '') return { start: positionOf(first) };
  if (BigInt(last) < BigInt(first)) return undefined;
  return { start: positionOf(first), end: positionOf(last) };
}

/** Bounds a position: no file is longer, and a double would round a larger number. */
function positionOf(digits: string): number {
  return Math.min(Number(digits), Number.MAX_SAFE_INTEGER);
}
