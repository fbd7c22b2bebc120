/** Result of the last look of a check. */
export interface CheckState {
  readonly check: string;
  readonly ok: boolean;
  /** It succeeds, and takes long. */
  readonly slow?: true;
  /** For everybody: it names no host, bucket or path. */
  readonly reason?: string;
}
