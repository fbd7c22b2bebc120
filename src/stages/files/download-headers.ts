import type { IncomingMessage } from 'node:http';
import type { ByteRange, ObjectBody, ObjectStat } from '../../storage/contract/storage-provider.js';
import { attachment } from './content-disposition.js';

export type Headers = Readonly<Record<string, string>>;

/** Headers of every answer that speaks of one file. A browser saves the file and never runs it. */
export function fileHeaders(stat: ObjectStat): Headers {
  return {
    'content-type': stat.contentType ?? 'application/octet-stream',
    'content-disposition': attachment(stat.key),
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-cache',
    'accept-ranges': 'bytes',
    'last-modified': stat.lastModified.toUTCString(),
    ...(stat.etag === null ? {} : { etag: stat.etag }),
  };
}

/** What a body adds to them: its length, and where it lies in the file. */
export function bodyHeaders({ stat, range }: ObjectBody, isPartial: boolean): Headers {
  const length = { 'content-length': String(range.end - range.start + 1) };
  if (!isPartial) return length;
  return {
    ...length,
    'content-range': `bytes ${String(range.start)}-${String(range.end)}/${String(stat.size)}`,
  };
}

/**
 * The one range that is asked for. Several ranges, other units and what cannot be read are ignored, as RFC 9110 14.2
 * allows: the whole file is the answer.
 */
export function askedRange(request: IncomingMessage): ByteRange | undefined {
  const match = /^bytes=[\t ]*(\d*)[\t ]*-[\t ]*(\d*)$/i.exec(request.headers.range?.trim() ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (match === null || (first === '' && last === '')) return undefined;
  if (first === '') return { suffixLength: positionOf(last) };
  if (last === '') return { start: positionOf(first) };
  if (BigInt(last) < BigInt(first)) return undefined;
  return { start: positionOf(first), end: positionOf(last) };
}

/** No file is longer: a position beyond it is behind every byte, and a double would round it. */
function positionOf(digits: string): number {
  return Math.min(Number(digits), Number.MAX_SAFE_INTEGER);
}
