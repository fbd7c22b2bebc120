import { createRequire } from 'node:module';

const require = createRequire(createRequire(import.meta.url).resolve('jest'));
/** @type {{ default: typeof import('@jest/test-sequencer').default }} */
const { default: Sequencer } = require('@jest/test-sequencer');

/** @import { Test } from '@jest/test-result' */

/**
 * Files that take more than 15 seconds, the longest first. Where Jest has no times of earlier runs, as in CI, it begins with the largest
 * files: a short one that runs a harness for a minute would be left for the end, with nothing for the other workers.
 */
const LONGEST = [
  'acceptance/documents',
  'api/api',
  'conformance/s3',
  'acceptance/examples',
  'acceptance/compose-scale',
  'auth/access-matrix',
  'kill/kill',
  'operate/doctor',
  'console/accessibility',
  'stores/readiness',
  'database/database',
  'conformance/memory',
  'stores/unreachable',
  'conformance/faulty-providers',
  'conformance/fs',
  'conformance/prefixed',
  'upload/checksums',
  'shutdown/shutdown',
  'guesses/guesses',
  'database/database-copy',
  'acceptance/backup',
  'auth/running-requests',
  'visible/visible',
  'conformance/permissive-s3',
  'acceptance/restore',
  'upload/limits',
  'bursts/bursts',
  'files/copies',
  'files/conditions',
  'process/locked-database',
  'upload/overwrite',
  'disk/disk',
  'console/uploads',
  'audit/audit',
  'database/postgres-outage',
  'acceptance/proxies',
  'faults/faults',
  'stores/dialects',
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
