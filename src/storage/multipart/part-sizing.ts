import type { MultipartLimits } from './multipart-limits.js';

const MIB = 1024 * 1024;

/** Size of every part while an upload is small, and of the reused part buffers. */
export const BASE_PART_BYTES = 8 * MIB;

/** A third part in flight was no faster against a store on the same machine, and costs 8 MiB in every upload. */
const MAX_PARTS_IN_FLIGHT = 2;
const BYTES_IN_FLIGHT = MAX_PARTS_IN_FLIGHT * BASE_PART_BYTES;
/** Number of small parts before sizes grow: a client must send these before it gets more memory. */
const SMALL_PARTS = 1000;
/** Maximum size of the first `SMALL_PARTS`, with any declared bound. */
const MAX_EARLY_PART_BYTES = 64 * MIB;

export interface UploadProgress {
  /** The number of the next part; the first is 1. */
  readonly partNumber: number;
  /** The bytes of all earlier parts. */
  readonly bytesSoFar: number;
  /** The upper bound of the body, if it is known. */
  readonly maxBytes?: number | undefined;
}

/**
 * Returns the size in bytes of the next part (the last one may be shorter). With these sizes a store's `maxParts` reach `maxBytes`,
 * or its largest object if the bound is unknown or exceeded.
 */
export function nextPartBytes(progress: UploadProgress, limits: MultipartLimits): number {
  const { maxBytes, bytesSoFar } = progress;
  const isBounded = maxBytes !== undefined && bytesSoFar < maxBytes;
  const wanted = isBounded
    ? boundedPartBytes(progress, Math.min(maxBytes, limits.maxObjectBytes), limits)
    : growingPartBytes(progress, limits);
  return Math.min(limits.maxPartBytes, Math.max(BASE_PART_BYTES, wholeMebibytes(wanted)));
}

/** Returns the size in bytes of every part of a copy, at least `leastBytes`; the last part may be shorter. */
export function copiedPartBytes(objectBytes: number, leastBytes: number, limits: MultipartLimits): number {
  return Math.min(limits.maxPartBytes, Math.max(leastBytes, wholeMebibytes(objectBytes / limits.maxParts)));
}

/** Returns the number of parts of a size that may be in flight: about 16 MiB, and at least one part. */
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

/** Grows linearly after the small parts, with the slope that the remaining parts need to reach the limit. */
function growingPartBytes({ partNumber, bytesSoFar }: UploadProgress, limits: MultipartLimits): number {
  if (partNumber <= SMALL_PARTS) return BASE_PART_BYTES;
  const { maxParts, maxObjectBytes } = limits;
  const growing = maxParts - SMALL_PARTS;
  const excessBytes = maxObjectBytes - maxParts * BASE_PART_BYTES;
  const slope = (2 * excessBytes) / (growing * (growing + 1));
  const linear = BASE_PART_BYTES + slope * (partNumber - SMALL_PARTS);
  // An upload that exceeds its bound has used parts of a smaller size: the last part must compensate.
  const atTheEnd = partNumber === maxParts ? maxObjectBytes - bytesSoFar : 0;
  return Math.max(linear, atTheEnd);
}

function wholeMebibytes(bytes: number): number {
  return Math.ceil(bytes / MIB) * MIB;
}
