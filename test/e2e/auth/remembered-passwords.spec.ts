import { jest } from '@jest/globals';
import { PasswordHasher } from '../../../src/users/accounts/password-hasher.js';
import { UserService } from '../../../src/users/accounts/user.service.js';
import { basic, Client } from '../support/client.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const REQUESTS = 1000;
const AT_ONCE = 20;

let testApp: TestApp;

beforeAll(async () => {
  testApp = await startTestApp();
  await testApp.app.get(UserService).save('ann', 'her secret', { isAdmin: false });
});

afterAll(() => testApp.close());

describe('a right password', () => {
  it('is hashed once for a thousand requests', async () => {
    const matches = jest.spyOn(testApp.app.get(PasswordHasher), 'matches');
    const ann = new Client(testApp, basic('ann', 'her secret'));
    const statuses = new Set<number>();
    for (let sent = 0; sent < REQUESTS; sent += AT_ONCE) {
      const answers = Array.from({ length: AT_ONCE }, () => ann.request('GET /v1/stages'));
      for (const { status } of await Promise.all(answers)) statuses.add(status);
    }
    expect([...statuses]).toEqual([200]);
    expect(matches).toHaveBeenCalledTimes(1);
  });
});
