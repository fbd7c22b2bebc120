import { createRequire } from 'node:module';

const require = createRequire(createRequire(import.meta.url).resolve('jest'));
/** @type {{ default: typeof import('@jest/test-sequencer').default }} */
const { default: Sequencer } = require('@jest/test-sequencer');

/** @import { Test } from '@jest/test-result' */

/**
 * Files that take longest, the longest first. Where Jest has no times of earlier runs, as in CI, it begins with the largest files: one
 * of these would be left for the end, with nothing for the other workers.
 */
const LONGEST = [
  'conformance/s3',
  'acceptance/documents',
  'auth/access-matrix',
  'operate/doctor',
  'conformance/permissive-s3',
  'conformance/faulty-providers',
  'kill/kill',
  'conformance/fs',
  'database/database-copy',
  'files/odd-names',
  'files/conditions',
];

export default class LongestFirst extends Sequencer {
  /**
   * @param {Test[]} tests
   * @override
   */
  sort(tests) {
    const known = LONGEST.map((name) => tests.filter(({ path }) => path.endsWith(`/${name}.spec.ts`))).flat();
    const others = /** @type {Test[]} */ (super.sort(tests.filter((test) => !known.includes(test)))); // it is not asynchronous
    return [...known, ...others];
  }
}
