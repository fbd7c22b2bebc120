import { setImmediate, setTimeout as delay } from 'node:timers/promises';
import { VerificationQueue } from '../../../src/users/accounts/verification-queue.js';
import { ofKind } from '../of-kind.js';

const SIGN_INS = 102;
const WRONG_MS = 20;

/** Verifications that begin in this order, and end when they are told to. */
class Verifications {
  readonly begun: string[] = [];
  readonly #ends: (() => void)[] = [];
  readonly queue = new VerificationQueue();

  start(name: string, { isFirst = false, isWrong = false } = {}): Promise<string> {
    const run = (): Promise<string> => {
      this.begun.push(name);
      return new Promise((resolve) => {
        this.#ends.push(() => {
          resolve(name);
        });
      });
    };
    return this.queue.run({ isFirst, run, isWrong: () => isWrong });
  }

  async endNext(): Promise<void> {
    this.#ends.shift()?.();
    await setImmediate();
  }
}

describe('passwords that are compared', () => {
  it('are one at a time, in their order, and those that were right lately before others', async () => {
    const verifications = new Verifications();
    const all = [
      ...['a', 'b', 'c', 'd'].map((name) => verifications.start(name)),
      verifications.start('right', { isFirst: true }),
    ];
    await setImmediate();
    expect(verifications.begun).toEqual(['a']);
    while (verifications.begun.length < all.length) await verifications.endNext();
    await verifications.endNext();
    expect(verifications.begun).toEqual(['a', 'right', 'b', 'c', 'd']);
    expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd', 'right']);
  });

  it('are refused where a hundred wait, but for those that were right lately', async () => {
    const verifications = new Verifications();
    const waiting = Array.from({ length: 101 }, (_, at) => verifications.start(String(at)));
    await expect(verifications.start('one too many')).rejects.toThrow(ofKind('TooManyAtOnce'));
    waiting.push(verifications.start('right', { isFirst: true }));
    while (verifications.begun.length < SIGN_INS) await verifications.endNext();
    await verifications.endNext();
    await Promise.all(waiting);
    expect(verifications.begun).toHaveLength(SIGN_INS);
    expect(verifications.begun).not.toContain('one too many');
  });

  it('make room for others when one fails', async () => {
    const { queue } = new Verifications();
    for (let round = 0; round < 5; round++) {
      await expect(
        queue.run({ isFirst: false, run: () => Promise.reject(new RangeError('wrong')) }),
      ).rejects.toThrow('wrong');
    }
    expect(await queue.run({ isFirst: false, run: () => Promise.resolve('right') })).toBe('right');
  });

  it('make others wait several times as long as a wrong one took, but for those that were right lately', async () => {
    const verifications = new Verifications();
    const wrong = verifications.start('wrong', { isWrong: true });
    await delay(WRONG_MS);
    const waiting = [verifications.start('next'), verifications.start('right', { isFirst: true })];
    const paused = performance.now();
    await verifications.endNext();
    await wrong;
    expect(verifications.begun).toEqual(['wrong', 'right']);
    await verifications.endNext();
    while (verifications.begun.length < 3) await delay(1);
    expect(performance.now() - paused).toBeGreaterThan(WRONG_MS * 4);
    await verifications.endNext();
    expect(await Promise.all(waiting)).toEqual(['next', 'right']);
  });
});
