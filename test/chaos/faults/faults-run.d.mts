interface Minio {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

interface FaultResult {
  readonly one: { readonly name: string };
  readonly answer: { readonly status: number };
  /** What must not be, a sentence each. */
  readonly violations: readonly string[];
}

/** Uploads under faults, the same for the same seed, against a server and a proxy of their own. */
export function runFaults(
  minio: Minio,
  options: { readonly seed: number; readonly short?: boolean; readonly concurrency?: number },
): Promise<FaultResult[]>;
