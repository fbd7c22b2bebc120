/** Statements without end, whole and broken ones; the same for the same seed. */
export function statements(seed: number): Generator<string, never>;
