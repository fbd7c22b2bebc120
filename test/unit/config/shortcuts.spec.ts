import { jest } from '@jest/globals';
import { SHORTCUTS, SHORTCUTS_OFF, unknownShortcuts } from '../../../src/config/shortcuts.js';

const PATH = '../../../src/config/shortcuts.js';
const BENCH = '../../../bench/lib/shortcuts.mjs';

const before = process.env[SHORTCUTS_OFF];

afterEach(() => {
  process.env[SHORTCUTS_OFF] = before ?? ''; // an empty one is none
});

async function isOnWith(value: string): Promise<readonly boolean[]> {
  process.env[SHORTCUTS_OFF] = value;
  jest.resetModules();
  const { isOn } = (await import(PATH)) as typeof import('../../../src/config/shortcuts.js');
  return SHORTCUTS.map(isOn);
}

describe('shortcuts', () => {
  const [first, second] = SHORTCUTS;

  it('are all on where none is named', async () => {
    expect(new Set(await isOnWith(''))).toEqual(new Set([true]));
  });

  it('are off by their names, the others on', async () => {
    const [isFirst, isSecond, ...others] = await isOnWith(`${second}, ${first}`);
    expect([isFirst, isSecond]).toEqual([false, false]);
    expect(others).toEqual(others.map(() => true));
  });

  it('are known by name', () => {
    const text = `${first},,quick-thing, ${second} `;
    expect(unknownShortcuts({ [SHORTCUTS_OFF]: text })).toEqual(['quick-thing']);
    expect(unknownShortcuts({})).toEqual([]);
  });

  it('have each a row of the bench that they are measured on', async () => {
    const { ROWS_OF } = (await import(BENCH)) as { readonly ROWS_OF: object };
    expect(Object.keys(ROWS_OF).sort()).toEqual([...SHORTCUTS].sort());
  });
});
