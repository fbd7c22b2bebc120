/** A server with a stage to which somebody else writes. */
export interface KeyWorld {
  close(): Promise<void>;
}

/** `another`: a request has acted on another object. `unreached`: it has not acted on the one that is meant. */
export interface KeyViolation {
  readonly route: string;
  readonly kind: 'another' | 'unreached' | 'count' | 'answer';
  readonly text: string;
}

/** Asks for names that somebody else has written, and for their twins, and looks after each request at everything there. */
export function fuzzKeys(
  world: KeyWorld,
  options: { readonly seed: number; readonly pairs: number },
): Promise<{ readonly pairs: number; readonly violations: readonly KeyViolation[] }>;
