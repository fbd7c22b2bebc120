import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { StorageModule } from '../../../src/storage/storage.module.js';

const ROOT = resolve(import.meta.dirname, '../../..');
const SCHEMES = readdirSync(resolve(ROOT, 'src/storage/providers'));
/** For tests alone: what is in memory is no promise to anybody. */
const UNREGISTERED = 'memory';

describe('every kind of storage', () => {
  it.each(SCHEMES)('%s runs the conformance suite', (scheme) => {
    expect(existsSync(resolve(ROOT, `test/conformance/${scheme}.spec.ts`))).toBe(true);
  });

  it.each(SCHEMES)('%s is registered, unless it is for tests', (scheme) => {
    const problem = StorageModule.connectionProblem(`${scheme}://x/`, new Map());
    const isUnknown = problem?.includes('is not supported yet') ?? false;
    expect(isUnknown).toBe(scheme === UNREGISTERED);
  });
});
