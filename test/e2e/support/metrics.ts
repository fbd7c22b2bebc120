import type { Client } from './client.js';

/** A figure of `/metrics`, by its name and labels as they stand there; zero where there is none yet. */
export async function metric(client: Client, name: string): Promise<number> {
  const answer = await client.send('/metrics');
  expect(answer.status).toBe(200);
  const line = (await answer.text()).split('\n').find((each) => each.startsWith(`${name} `));
  return Number(line?.slice(name.length + 1) ?? 0);
}
