/** The `environment` of one service in a Compose file, with each `${NAME:-default}` at its default. */
export function composeEnvironment(compose: string, service: string): Record<string, string> {
  const lines = blockUnder(blockUnder(blockUnder(compose.split('\n'), 'services'), service), 'environment');
  const pairs = lines.map((line) => /^ *([A-Z_]+): (.+)$/.exec(line)).filter((match) => match !== null);
  return Object.fromEntries(pairs.map(([, name = '', value = '']) => [name, withDefaults(value)]));
}

/** The lines below `key:` that are indented deeper than it. */
function blockUnder(lines: readonly string[], key: string): string[] {
  const start = lines.findIndex((line) => line.trim() === `${key}:`);
  if (start < 0) throw new Error(`The Compose file has no ${key}`);
  const depth = indentation(lines[start] ?? '');
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => line.trim() !== '' && indentation(line) <= depth);
  return end < 0 ? rest : rest.slice(0, end);
}

function indentation(line: string): number {
  return line.length - line.trimStart().length;
}

function withDefaults(value: string): string {
  return value.replace(/\$\{[A-Z_]+:-([^}]*)\}/g, '$1');
}
