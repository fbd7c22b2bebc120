export interface PairedChange {
  readonly ratio: number;
  readonly low: number | null;
  readonly high: number | null;
}

export function pairedChange(values: readonly number[], before: readonly number[]): PairedChange;
