/** Checks the resources that requests need. */
export interface Readiness {
  /** Rejects if the service cannot handle requests. */
  check(): Promise<void>;
}

/** Injection token of `Readiness`. */
export const READINESS = Symbol('READINESS');
