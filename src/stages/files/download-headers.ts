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
  const match = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range?.replace(/\s/g, '') ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (match === null || (first === '' && last === '')) return undefined;
  if (first === '') return { suffixLength: Number(last) };
  const start = Number(first);
  if (last === '') return { start };
  return Number(last) < start ? undefined : { start, end: Number(last) };
}

/** RFC 9110 13.1.2: does the client have this file already? Weak comparison. */
export function isKnownToClient(request: IncomingMessage, etag: string | null): boolean {
  const condition = request.headers['if-none-match'];
  if (condition === undefined || etag === null) return false;
  if (condition.trim() === '*') return true;
  return condition.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}

/** RFC 9110 13.1.5: a range of another version of the file is of no use. */
export function rangeStillFits(request: IncomingMessage, etag: string | null): boolean {
  const condition = request.headers['if-range'];
  return condition === undefined || (etag !== null && condition === etag);
}
