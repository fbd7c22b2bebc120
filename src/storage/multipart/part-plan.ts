import {
  MIB,
  S3_MAX_OBJECT_BYTES,
  S3_MAX_PART_BYTES,
  S3_MAX_PARTS,
} from '../providers/s3/client/s3-limits.js';

/** What every part has while an upload is small: the size of the slabs that are reused. */
export const BASE_PART_BYTES = 8 * MIB;

/** A third one was no faster against a store on the same machine, and costs its 8 MiB in every upload. */
const MAX_PARTS_IN_FLIGHT = 2;
const BYTES_IN_FLIGHT = MAX_PARTS_IN_FLIGHT * BASE_PART_BYTES;
/** So many parts stay small before a plan grows: a caller has to send this much before it holds more memory. */
const SMALL_PARTS = 1000;
/** A larger part than this is not planned for the first `SMALL_PARTS`, whatever bound was declared. */
const MAX_EARLY_PART_BYTES = 64 * MIB;

export interface UploadProgress {
  /** Of the part to come; the first is 1. */
  readonly partNumber: number;
  /** In all earlier parts. */
  readonly bytesSoFar: number;
  /** No more than so many bytes will come, where that is known. */
  readonly maxBytes?: number | undefined;
}

/**
 * The size in bytes of the next part (the last one may be shorter). With these sizes 10,000 parts reach `maxBytes`, or
 * S3's largest object where no bound is known or the bound was passed.
 */
export function nextPartBytes(progress: UploadProgress): number {
  const { maxBytes, bytesSoFar } = progress;
  const bounded = maxBytes !== undefined && bytesSoFar < maxBytes;
  const planned = bounded ? boundedPartBytes(progress, maxBytes) : growingPartBytes(progress);
  return Math.min(S3_MAX_PART_BYTES, Math.max(BASE_PART_BYTES, wholeMebibytes(planned)));
}

/** How many parts of a size may be on their way at once: about 16 MiB, and at least one. */
export function partsInFlight(partBytes: number): number {
  return Math.min(MAX_PARTS_IN_FLIGHT, Math.max(1, Math.floor(BYTES_IN_FLIGHT / partBytes)));
}

function boundedPartBytes(progress: UploadProgress, maxBytes: number): number {
  const bound = Math.min(maxBytes, S3_MAX_OBJECT_BYTES);
  const even = bound / S3_MAX_PARTS;
  if (even <= MAX_EARLY_PART_BYTES) return even;
  if (progress.partNumber <= SMALL_PARTS) return MAX_EARLY_PART_BYTES;
  return evenShareOfRest(progress, bound);
}

/** Small at first, then linear: the slope is what the remaining parts need to reach the limit. */
function growingPartBytes({ partNumber, bytesSoFar }: UploadProgress): number {
  if (partNumber <= SMALL_PARTS) return BASE_PART_BYTES;
  const growing = S3_MAX_PARTS - SMALL_PARTS;
  const rest = S3_MAX_OBJECT_BYTES - S3_MAX_PARTS * BASE_PART_BYTES;
  const slope = (2 * rest) / (growing * (growing + 1));
  const linear = BASE_PART_BYTES + slope * (partNumber - SMALL_PARTS);
  // An upload that outgrew its bound has used up parts at a smaller size: the last parts must make up for it.
  const atTheEnd = partNumber === S3_MAX_PARTS ? S3_MAX_OBJECT_BYTES - bytesSoFar : 0;
  return Math.max(linear, atTheEnd);
}

function evenShareOfRest({ partNumber, bytesSoFar }: UploadProgress, bound: number): number {
  return (bound - bytesSoFar) / (S3_MAX_PARTS - partNumber + 1);
}

function wholeMebibytes(bytes: number): number {
  return Math.ceil(bytes / MIB) * MIB;
}
