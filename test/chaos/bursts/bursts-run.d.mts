/** Where a MinIO answers, and its keys. */
export interface BurstsMinio {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface BurstsPlan {
  readonly bursts: number;
  /** In each burst, at once. */
  readonly uploads: number;
  /** Of each upload. */
  readonly mib: number;
  /** Between the last burst and the last look. */
  readonly restSeconds: number;
}

/** Resident memory of the server in MiB; 0 where the system does not tell it. */
export interface BurstsResult {
  readonly start: number;
  readonly peak: number;
  readonly rest: number;
  readonly violations: readonly string[];
}

export function runBursts(minio: BurstsMinio, plan: BurstsPlan): Promise<BurstsResult>;
