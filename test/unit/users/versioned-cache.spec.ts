import { VersionedCache } from '../../../src/users/version/versioned-cache.js';

describe('what is remembered under a version', () => {
  it('is loaded once for a key and a version, also where several ask at once', async () => {
    const cache = new VersionedCache<number>(10);
    let loads = 0;
    const load = (): Promise<number> => Promise.resolve(++loads);
    expect(await Promise.all([cache.get('v1', 'a', load), cache.get('v1', 'a', load)])).toEqual([1, 1]);
    expect(await cache.get('v1', 'b', load)).toBe(2);
    expect(await cache.get('v2', 'a', load)).toBe(3);
    expect(await cache.get('v2', 'a', load)).toBe(3);
  });

  it('is not a failure: whoever asks next loads again', async () => {
    const cache = new VersionedCache<string>(10);
    await expect(cache.get('v1', 'a', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await cache.get('v1', 'a', () => Promise.resolve('there'))).toBe('there');
  });

  it('survives a failure of the version before that comes late', async () => {
    const cache = new VersionedCache<string>(10);
    let reject: (error: Error) => void = () => undefined;
    const failing = new Promise<string>((_resolve, fail) => {
      reject = fail;
    });
    const late = cache.get('v1', 'a', () => failing);
    expect(await cache.get('v2', 'a', () => Promise.resolve('new'))).toBe('new');
    reject(new Error('late'));
    await expect(late).rejects.toThrow('late');
    expect(await cache.get('v2', 'a', () => Promise.reject(new Error('asked again')))).toBe('new');
  });
});
