import { databaseRound } from './disk-database.mjs';
import { crowdedRound, formRound, fullRound, readOnlyRound } from './disk-full.mjs';
import { openScene } from './disk-scene.mjs';

/** @import { RoundPlan, Scene } from './disk-scene.mjs' */

/** @typedef {(scene: Scene, plan: RoundPlan) => Promise<void>} Round */
/**
 * How often each status was answered.
 *
 * @typedef {{ name: string, statuses: Record<number, number>, violations: string[] }} DiskResult
 */

/** @type {readonly { name: string, run: Round, withDatabase?: boolean }[]} */
const SCENARIOS = [
  { name: 'disk full in the middle of an upload', run: fullRound },
  { name: 'several uploads at once fill the disk', run: crowdedRound },
  { name: 'several files of one form fill the disk', run: formRound },
  { name: 'read-only disk', run: readOnlyRound },
  { name: 'the database on the full disk too', run: databaseRound, withDatabase: true },
];

/**
 * All scenarios, so many rounds of each, with one server before and after.
 *
 * @param {{ seed: number, rounds: number }} plan
 */
export async function runDisk({ seed, rounds }) {
  /** @type {DiskResult[]} */
  const results = [];
  for (const withDatabase of [false, true]) {
    const scenarios = SCENARIOS.filter((one) => (one.withDatabase ?? false) === withDatabase);
    const scene = await openScene({ seed, withDatabase });
    try {
      for (const { name, run } of scenarios)
        results.push(await runScenario(scene, name, { seed, rounds, run }));
    } finally {
      await scene.close();
    }
  }
  return results;
}

/**
 * @param {Scene} scene
 * @param {string} name
 * @param {{ seed: number, rounds: number, run: Round }} plan
 * @returns {Promise<DiskResult>}
 */
async function runScenario(scene, name, { seed, rounds, run }) {
  scene.statuses.clear();
  scene.violations.length = 0;
  for (let round = 0; round < rounds; round++) await run(scene, { seed, round });
  return { name, statuses: Object.fromEntries(scene.statuses), violations: [...scene.violations] };
}
