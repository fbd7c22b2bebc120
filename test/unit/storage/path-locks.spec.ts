import { setTimeout as delay } from 'node:timers/promises';
import { PathLocks } from '../../../src/storage/providers/fs/write/path-locks.js';

describe('the locks of paths', () => {
  it('let one after the other in, in the order in which they came', async () => {
    const locks = new PathLocks();
    const seen: string[] = [];
    const task = (name: string, ms: number) => async (): Promise<string> => {
      seen.push(`${name} begins`);
      await delay(ms);
      seen.push(`${name} ends`);
      return name;
    };
    const names = await Promise.all([locks.run('/a', task('one', 20)), locks.run('/a', task('two', 0))]);
    expect(names).toEqual(['one', 'two']);
    expect(seen).toEqual(['one begins', 'one ends', 'two begins', 'two ends']);
  });

  it('do not let one path wait for another', async () => {
    const locks = new PathLocks();
    let isOver = false;
    const long = locks.run('/a', () => delay(50)).then(() => (isOver = true));
    await locks.run('/b', () => Promise.resolve());
    expect(isOver).toBe(false);
    await long;
  });

  it('go on after a failure, which is told to its own task alone', async () => {
    const locks = new PathLocks();
    const failing = locks.run('/a', () => Promise.reject(new Error('of the first')));
    const next = locks.run('/a', () => Promise.resolve('second'));
    await expect(failing).rejects.toThrow('of the first');
    expect(await next).toBe('second');
    expect(await locks.run('/a', () => Promise.resolve('third'))).toBe('third');
  });
});
