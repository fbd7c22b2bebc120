import { jest } from '@jest/globals';
import { Authenticator } from '../../../src/auth/authenticator.js';
import type { Peer } from '../../../src/auth/peer.js';
import { SignInThrottle } from '../../../src/auth/throttle/sign-in-throttle.js';
import { newUser, type UserService } from '../../../src/users/accounts/user.service.js';
import type { Principals } from '../../../src/users/principals/principals.js';
import { UserError } from '../../../src/users/user-error.js';
import type { ApiTokens } from '../../../src/auth/api-tokens.js';
import { ofKind } from '../of-kind.js';
import { administrator } from '../principals.js';
import { inMemory } from './in-memory-limiters.js';

const RIGHT = { name: 'root', password: 'right' };
const ROOT = { ...newUser('root'), passwordHash: 'a hash', credential: 'c' };
const from = (address: string): Peer => ({ address, remoteReason: () => undefined });

const principals: Pick<Principals, 'of'> = { of: () => Promise.resolve(administrator()) };
const noTokens: Pick<ApiTokens, 'authenticate'> = { authenticate: () => Promise.resolve(undefined) };

/** One user, whose password is `right`. */
const users: Pick<UserService, 'find' | 'verify' | 'assertRoomFor'> = {
  find: () => Promise.resolve(ROOT),
  assertRoomFor: () => undefined,
  verify: (_user, password) =>
    password === 'right' ? Promise.resolve(ROOT) : Promise.reject(new UserError('WrongPassword', 'wrong')),
};

describe('a client whose credentials were right', () => {
  it('passes whatever others try, also where the first to show them was on another network', async () => {
    const throttle = new SignInThrottle(inMemory);
    const begin = jest.spyOn(throttle, 'begin');
    const authenticator = new Authenticator(
      users as UserService,
      principals as Principals,
      noTokens as ApiTokens,
      throttle,
    );
    await authenticator.authenticate(RIGHT, from('192.0.2.1'));
    await authenticator.authenticate(RIGHT, from('192.0.2.2'));
    const shown = begin.mock.calls[0]?.[0];
    if (shown === undefined) throw new TypeError('no attempt was made');

    for (let guess = 0; guess < 60; guess++) {
      const wrong = { name: 'root', password: `wrong ${String(guess)}` };
      await expect(authenticator.authenticate(wrong, from(`10.0.${String(guess)}.1`))).rejects.toThrow();
    }
    // As when the short memory of the authenticator is over.
    for (const address of ['192.0.2.1', '192.0.2.2']) {
      await expect(throttle.begin({ ...shown, address })).resolves.toBeUndefined();
    }
    await expect(throttle.begin({ ...shown, address: '192.0.2.3' })).rejects.toThrow(
      ofKind('TooManyAttempts'),
    );
  });
});

describe('a guess that cannot be judged now', () => {
  it('is refused before it costs a counter', async () => {
    const busy = new UserError('TooManyAtOnce', 'too many at once');
    const counted = jest.fn();
    const throttle = new SignInThrottle((name, limits) => {
      const limiter = inMemory(name, limits);
      for (const method of ['consume', 'penalty', 'reward', 'block'] as const)
        jest.spyOn(limiter, method).mockImplementation(counted as never);
      return limiter;
    });
    const full: typeof users = {
      ...users,
      assertRoomFor: () => {
        throw busy;
      },
    };
    const authenticator = new Authenticator(
      full as UserService,
      principals as Principals,
      noTokens as ApiTokens,
      throttle,
    );
    const wrong = { name: 'root', password: 'wrong' };
    await expect(authenticator.authenticate(wrong, from('10.0.0.1'))).rejects.toBe(busy);
    expect(counted).not.toHaveBeenCalled();
  });
});
