/** An upload as bytes on the wire, whose writes end at `splits`; `directory` is its own in the stage. */
export interface FormCase {
  readonly label: string;
  readonly directory: string;
  readonly bytes: Buffer;
  readonly splits: readonly number[];
}

/** Forms, mutated or not, in framings, mutated or not; the same for the same seed and index. */
export function mutations(range: {
  readonly seed: number;
  readonly first: number;
  readonly count: number;
}): Generator<FormCase>;

/** Every cut point of small forms, in every framing; and each whole form in two writes, split at every point. */
export function cuts(names?: readonly string[]): Generator<FormCase>;
