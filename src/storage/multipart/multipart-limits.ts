/** What a store takes in one object that is sent in parts; sizes are in bytes. */
export interface MultipartLimits {
  readonly maxObjectBytes: number;
  readonly maxPartBytes: number;
  readonly maxParts: number;
}
