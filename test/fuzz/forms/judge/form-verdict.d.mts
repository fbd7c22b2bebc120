export function verdictOf(bytes: Buffer): {
  readonly verdict: 'whole' | 'doubtful' | 'broken';
  readonly files: readonly { readonly name: string; readonly content: Buffer }[];
  readonly framing: 'complete' | 'excess' | 'short' | 'broken';
};
