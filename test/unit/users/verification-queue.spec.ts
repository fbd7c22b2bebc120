import { setImmediate } from 'node:timers/promises';
import { VerificationQueue } from '../../../src/users/accounts/verification-queue.js';
import { ofKind } from '../of-kind.js';

const SIGN_INS = 102;

/** Verifications that begin in this order, and end when they are told to. */
class Verifications {
  readonly begun: string[] = [];
  readonly #ends: (() => void)[] = [];
  readonly queue = new VerificationQueue();

  start(name: string, wasRight = false): Promise<string> {
    return this.queue.run(wasRight, () => {
      this.begun.push(name);
      return new Promise((resolve) => {
        this.#ends.push(() => {
          resolve(name);
        });
      });
    });
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
      verifications.start('right', true),
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
    waiting.push(verifications.start('right', true));
    for (let end = 0; end < SIGN_INS; end++) await verifications.endNext();
    await Promise.all(waiting);
    expect(verifications.begun).toHaveLength(SIGN_INS);
    expect(verifications.begun).not.toContain('one too many');
  });

  it('make room for others when one fails', async () => {
    const { queue } = new Verifications();
    for (let round = 0; round < 5; round++) {
      await expect(queue.run(false, () => Promise.reject(new RangeError('wrong')))).rejects.toThrow('wrong');
    }
    expect(await queue.run(false, () => Promise.resolve('right'))).toBe('right');
  });
});
