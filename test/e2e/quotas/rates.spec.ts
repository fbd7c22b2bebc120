import { setTimeout as delay } from 'node:timers/promises';
import { newPerson, Rest } from '../people/rest.js';
import { Client } from '../support/client.js';
import { eventually, expectError } from '../support/expectations.js';
import { metric } from '../support/metrics.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let testApp: TestApp;
let client: Client;

afterEach(() => testApp.close());

async function start(settings: Readonly<Record<string, string>>): Promise<void> {
  testApp = await startTestApp(settings);
  client = new Client(testApp);
}

/** The server has seen the last beginning, and the last end. */
async function settled(): Promise<void> {
  await delay(300);
}

/** A client by an API token of a user. */
async function byToken(user: Rest, name: string): Promise<Client> {
  const { token } = await user.get<{ token: string }>('POST /v1/tokens', { name }, 201);
  return new Client(testApp, `Bearer ${token}`);
}

describe('requests beyond a limit', () => {
  it('of a user a second are 429 with Retry-After, and those of others go on', async () => {
    await start({ MAX_REQUESTS_PER_SECOND_PER_USER: '5' });
    const ann = await newPerson(testApp, 'ann');
    const answers = await Promise.all(Array.from({ length: 20 }, () => ann.client.send('/v1/stages')));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(10);
    expect(answers.length - refused.length).toBeGreaterThanOrEqual(5);
    const [first] = refused;
    expect(first?.headers.get('retry-after')).toBe('1');
    if (first !== undefined)
      await expectError(first, {
        status: 429,
        kind: 'TooManyRequests',
        message: /^You may have 5 requests a second/,
      });
    expect((await client.send('/v1/stages')).status).toBe(200);
    await delay(1100);
    expect((await ann.client.send('/v1/stages')).status).toBe(200);
    const name = 'stagedoor_requests_limited_total{whose="user",by="per_second"}';
    expect(await metric(client, name)).toBe(refused.length);
  });

  it('of a token at once are 429 until one has ended, and the user goes on', async () => {
    await start({ MAX_REQUESTS_PER_TOKEN: '1' });
    const robot = await byToken(new Rest(testApp), 'robot');
    const running = await robot.start('PUT /v1/stages/~/files/f', { 'content-length': '4' }, '12');
    await settled();
    await eventually(async () => {
      const answer = await robot.send('/v1/stages');
      await expectError(answer, {
        status: 429,
        kind: 'TooManyRequests',
        message: /^The API token .* 1 requests at the same/,
      });
      expect(answer.headers.get('retry-after')).toBe('1');
    });
    expect((await client.send('/v1/stages')).status).toBe(200);
    await running.write('34');
    expect((await running.expectAnswer()).status).toBe(201);
    running.leave();
    await eventually(async () => {
      expect((await robot.send('/v1/stages')).status).toBe(200);
    });
  });

  it('count presigned URLs for their user', async () => {
    await start({ MAX_REQUESTS_PER_USER: '1' });
    const root = new Rest(testApp);
    const { url } = await root.get<{ url: string }>('POST /v1/stages/~/presign', {
      method: 'PUT',
      path: 'p',
    });
    await settled();
    const running = await client.start('PUT /v1/stages/~/files/f', { 'content-length': '4' }, '12');
    await settled();
    await eventually(async () => {
      expect((await fetch(url, { method: 'PUT', body: '1' })).status).toBe(429);
    });
    running.leave();
    await eventually(async () => {
      expect((await fetch(url, { method: 'PUT', body: '1' })).status).toBe(200);
    });
  });
});

describe('uploads beyond a limit', () => {
  it('of a user a second are 429 with Retry-After, and other requests go on', async () => {
    await start({ MAX_UPLOADS_PER_SECOND_PER_USER: '3' });
    const put = (): Promise<Response> =>
      client.send('/v1/stages/~/files/f', { method: 'PUT', body: '12', headers: {} });
    const answers = await Promise.all(Array.from({ length: 12 }, put));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(6);
    expect(refused[0]?.headers.get('retry-after')).toBe('1');
    expect((await client.send('/v1/stages')).status).toBe(200);
    await delay(1100);
    expect((await put()).status).toBe(200);
    const name = 'stagedoor_uploads_refused_total{reason="TooManyUploads"}';
    expect(await metric(client, name)).toBe(refused.length);
  });

  it('of a token at once are 429', async () => {
    await start({ MAX_UPLOADS_PER_TOKEN: '1' });
    const robot = await byToken(new Rest(testApp), 'robot');
    const running = await robot.start('PUT /v1/stages/~/files/f', { 'content-length': '4' }, '12');
    await settled();
    await eventually(async () => {
      const answer = await robot.request('PUT /v1/stages/~/files/g', { 'content-length': '1' }, 'x');
      await expectError(answer, {
        status: 429,
        kind: 'TooManyUploads',
        message: /API token .* 1 uploads at the same/,
      });
    });
    expect((await robot.send('/v1/stages')).status).toBe(200);
    running.leave();
    await eventually(async () => {
      const answer = await robot.request('PUT /v1/stages/~/files/g', { 'content-length': '1' }, 'x');
      expect(answer.status).toBeLessThan(300);
    });
  });
});
