import { newPerson, Rest } from '../people/rest.js';
import { command, type Outcome } from '../support/admin-command.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let testApp: TestApp;
let root: Rest;

beforeAll(async () => {
  testApp = await startTestApp();
  root = new Rest(testApp);
  await root.get('POST /v1/stages', { name: 'landing' }, 201);
  await root.client.send('/v1/stages/landing/files/a', { method: 'PUT', body: '12345' });
  await newPerson(testApp, 'ann');
});

afterAll(() => testApp.close());

function run(...args: string[]): Promise<Outcome> {
  return command({ DATA_DIR: testApp.dataDir }, ...args);
}

describe('the command quota', () => {
  it('sets, shows and removes the quota of a stage, beside a server that keeps it', async () => {
    expect(await run('quota', 'landing')).toMatchObject({
      code: 0,
      output: 'bytes: 5 used, 0 reserved, no limit\nfiles: 1 used, 0 reserved, no limit\n',
    });
    expect(await run('quota', 'landing', '--bytes', '8', '--files', '2')).toMatchObject({
      code: 0,
      output: 'bytes: 5 used, 0 reserved, 3 left of 8\nfiles: 1 used, 0 reserved, 1 left of 2\n',
    });
    const put = async (name: string, body: string): Promise<number> =>
      (await root.client.send(`/v1/stages/landing/files/${name}`, { method: 'PUT', body })).status;
    expect(await put('b', '1234')).toBe(413);
    expect(await put('b', '123')).toBe(201);
    expect(await run('quota', 'landing', '--fresh')).toMatchObject({
      output: 'bytes: 8 used, 0 reserved, 0 left of 8\nfiles: 2 used, 0 reserved, 0 left of 2\n',
    });
    expect(await run('quota', 'landing', '--remove')).toMatchObject({
      output: 'removed the quota of landing\n',
    });
    expect(await put('c', '1234')).toBe(201);
  });

  it("does so for a user's own stage", async () => {
    expect(await run('user-quota', 'ann', '--bytes', '0')).toMatchObject({
      output: 'bytes: 0 used, 0 reserved, 0 left of 0\nfiles: 0 used, 0 reserved, no limit\n',
    });
    expect(await root.get('GET /v1/users/ann/quota')).toMatchObject({ max_bytes: 0 });
  });

  it.each<[args: string[], code: number, errors: RegExp]>([
    [['quota', 'landing', '--bytes', '-1'], 2, /^Write: npm run admin -- quota/],
    [['quota', 'landing', '--bytes=-1'], 2, /^--bytes must be a whole number from 0/],
    [['quota', 'landing', '--files', '1.5'], 2, /^--files must be a whole number/],
    [['quota', 'landing', '--bytes', '1'], 1, /^The stage landing uses \d+ bytes .* force/],
    [['quota', 'nope'], 1, /^Stage 'nope' does not exist\.$/],
    [['user-quota', 'nobody'], 1, /does not exist\.$/],
    [['quota'], 2, /^Write: /],
  ])('fails for %j with %d', async (args, code, errors) => {
    expect(await run(...args)).toMatchObject({ code, errors: expect.stringMatching(errors) as string });
  });
});
