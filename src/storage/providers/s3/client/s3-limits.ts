import type { StorageCapabilities } from '../../../contract/storage-provider.js';
import type { MultipartLimits } from '../../../multipart/multipart-limits.js';
import type { S3Store } from './s3-store.js';

export const KIB = 1024;
export const MIB = 1024 * KIB;
export const GIB = 1024 * MIB;

/** S3's own limits; sizes in bytes. */
export const S3_MAX_OBJECT_BYTES = 5 * 1024 * GIB;
export const S3_MIN_PART_BYTES = 5 * MIB;
export const S3_MAX_PART_BYTES = 5 * GIB;
export const S3_MAX_PARTS = 10_000;
/** Keys in a page of a listing and in one DeleteObjects. */
export const S3_MAX_BATCH = 1000;

export const S3_MULTIPART_LIMITS: MultipartLimits = {
  maxObjectBytes: S3_MAX_OBJECT_BYTES,
  maxPartBytes: S3_MAX_PART_BYTES,
  maxParts: S3_MAX_PARTS,
};

/** Returns the capabilities: without keys no URL can be signed. */
export function s3Capabilities({ isAnonymous }: Pick<S3Store, 'isAnonymous'>): StorageCapabilities {
  return {
    presign: !isAnonymous,
    maxObjectBytes: S3_MAX_OBJECT_BYTES,
    contentEtag: true,
    contentType: true,
    dotComponents: true,
    copy: !isAnonymous,
    move: false,
  };
}
