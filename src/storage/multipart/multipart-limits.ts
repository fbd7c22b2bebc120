/** A store's limits for a multipart upload; sizes in bytes. */
export interface MultipartLimits {
  readonly maxObjectBytes: number;
  readonly maxPartBytes: number;
  readonly maxParts: number;
}
