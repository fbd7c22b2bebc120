import { shuffled } from '../load/random.mjs';

/**
 * Runs every contestant once in each round, in an order drawn anew, after a first round that does not count.
 * A contestant is `{ name, run }`, where `run(round)` gives a sample: an object of numbers.
 *
 * @returns for each name, and each number of its samples, the values by round.
 */
export async function alternate(contestants, { rounds, random }) {
  const samples = Object.fromEntries(contestants.map(({ name }) => [name, {}]));
  for (let round = -1; round < rounds; round += 1) {
    for (const { name, run } of shuffled(contestants, random)) {
      const sample = await run(round);
      if (round >= 0) note(samples[name], sample);
    }
  }
  return samples;
}

function note(columns, sample) {
  for (const [key, value] of Object.entries(sample)) {
    columns[key] ??= [];
    columns[key].push(value);
  }
}
