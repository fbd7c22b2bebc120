import type { MultipartLimits } from './multipart-limits.js';

const MIB = 1024 * 1024;

/** What every part has while an upload is small: the size of the part buffers that are reused. */
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
 * The size in bytes of the next part (the last one may be shorter). With these sizes `maxParts` of a store reach `maxBytes`,
 * or its largest object where no bound is known or the bound was passed.
 */
export function nextPartBytes(progress: UploadProgress, limits: MultipartLimits): number {
  const { maxBytes, bytesSoFar } = progress;
  const isBounded = maxBytes !== undefined && bytesSoFar < maxBytes;
  const wanted = isBounded
    ? boundedPartBytes(progress, Math.min(maxBytes, limits.maxObjectBytes), limits)
    : growingPartBytes(progress, limits);
  return Math.min(limits.maxPartBytes, Math.max(BASE_PART_BYTES, wholeMebibytes(wanted)));
}

/** How many parts of a size may be on their way at once: about 16 MiB, and at least one. */
export function partsInFlight(partBytes: number): number {
  return Math.min(MAX_PARTS_IN_FLIGHT, Math.max(1, Math.floor(BYTES_IN_FLIGHT / partBytes)));
}

function boundedPartBytes(progress: UploadProgress, bound: number, { maxParts }: MultipartLimits): number {
  const even = bound / maxParts;
  if (even <= MAX_EARLY_PART_BYTES) return even;
  const { partNumber, bytesSoFar } = progress;
  if (partNumber <= SMALL_PARTS) return MAX_EARLY_PART_BYTES;
  return (bound - bytesSoFar) / (maxParts - partNumber + 1);
}

/** Small at first, then linear: the slope is what the remaining parts need to reach the limit. */
function growingPartBytes({ partNumber, bytesSoFar }: UploadProgress, limits: MultipartLimits): number {
  if (partNumber <= SMALL_PARTS) return BASE_PART_BYTES;
  const { maxParts, maxObjectBytes } = limits;
  const growing = maxParts - SMALL_PARTS;
  const excessBytes = maxObjectBytes - maxParts * BASE_PART_BYTES;
  const slope = (2 * excessBytes) / (growing * (growing + 1));
  const linear = BASE_PART_BYTES + slope * (partNumber - SMALL_PARTS);
  // An upload that outgrew its bound has used up parts at a smaller size: the last parts must make up for it.
  const atTheEnd = partNumber === maxParts ? maxObjectBytes - bytesSoFar : 0;
  return Math.max(linear, atTheEnd);
}

function wholeMebibytes(bytes: number): number {
  return Math.ceil(bytes / MIB) * MIB;
}
