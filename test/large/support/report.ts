/** Prints a figure as it is found, without Jest's decoration. */
export function report(line: string): void {
  process.stderr.write(`  ${line}\n`);
}
