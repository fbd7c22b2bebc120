import type { Client } from './client.js';

/** All samples of `/metrics`, by their names and labels as they stand there. */
export async function samples(client: Client): Promise<ReadonlyMap<string, number>> {
  const answer = await client.send('/metrics');
  expect(answer.status).toBe(200);
  return samplesIn(await answer.text());
}

export function samplesIn(text: string): ReadonlyMap<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(0, end), Number(line.slice(end + 1))];
    }),
  );
}

/** One of them; it is there from the start. */
export async function metric(client: Client, name: string): Promise<number> {
  const value = (await samples(client)).get(name);
  if (value === undefined) throw new Error(`There is no sample ${name}`);
  return value;
}

/** What samples have gained, of those that have changed and that a pattern fits. */
export function gains(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
  pattern: RegExp,
): Readonly<Record<string, number>> {
  const changed = [...after].filter(([name, value]) => pattern.test(name) && value !== before.get(name));
  return Object.fromEntries(changed.map(([name, value]) => [name, value - (before.get(name) ?? Number.NaN)]));
}
