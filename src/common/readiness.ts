/** Asks what a request needs whether it is there. */
export interface Readiness {
  /** Rejects where the service cannot serve. */
  check(): Promise<void>;
}

/** The injection token of `Readiness`. */
export const READINESS = Symbol('READINESS');
