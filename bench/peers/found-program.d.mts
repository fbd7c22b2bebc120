export interface GoProgram {
  readonly name: string;
  readonly module: string;
  readonly takes: string;
}

/** A command of a Go module, built once per machine. Rejects where it cannot be built. */
export function goProgram(program: GoProgram, report: (line: string) => void): Promise<string>;
