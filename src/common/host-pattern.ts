/** Does one of the patterns match the host? `.example.com` matches that name and all below it, others match themselves. */
export function isHostAmong(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) =>
    pattern.startsWith('.') ? name.endsWith(pattern) || name === pattern.slice(1) : name === pattern,
  );
}
