import { basic, Client } from '../support/client.js';
import { filePart, form, FORM_TYPE } from '../support/form.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

/** What a form or a script of any page can declare without asking first. */
const SIMPLE_TYPES = ['text/plain', 'application/x-www-form-urlencoded', FORM_TYPE];
const FORM = form(filePart('planted.csv')).toString();
/** As a browser sends it that keeps the credentials of this server. */
const PASSWORD = 'the right one';
/** They change one query of the caller, whose id a page would have to know, and read no body. */
const OF_ONE_QUERY = ['/v1/query/~/final', '/v1/query/~/kill'];

let testApp: TestApp;
let client: Client;

beforeAll(async () => {
  testApp = await startTestApp({ ROOT_PASSWORD: PASSWORD });
  client = new Client(testApp, basic('root', PASSWORD));
});

afterAll(() => testApp.close());

function pathsOf(method: string): string[] {
  const express = testApp.app.getHttpAdapter().getInstance();
  return express.router.stack.flatMap(({ route }) => {
    const isMeant = route?.stack.some((layer) => layer.method === method.toLowerCase()) === true;
    return isMeant ? [route.path.replace(/:\w+/g, '~').replace(/\{?\/?\*\w+\}?/g, '/file')] : [];
  });
}

describe('a simple request of another site, with the right credentials', () => {
  it.each(SIMPLE_TYPES)('does nothing by POST of %s, whatever the route', async (type) => {
    const paths = pathsOf('POST').filter((path) => !OF_ONE_QUERY.includes(path));
    expect(paths).toEqual(expect.arrayContaining(['/v1/query', '/v1/stages', '/v1/upload_to_stage']));
    const bodies = ['{"name":"planted","sql":"CREATE STAGE planted"}', FORM];
    for (const path of paths) {
      for (const body of bodies) {
        const headers = { 'content-type': type };
        const { status } = await client.send(path, { method: 'POST', headers, body });
        expect({ path, isDone: status < 400 }).toEqual({ path, isDone: false });
      }
    }
    expect(await (await client.send('/v1/stages')).json()).not.toMatchObject({
      stages: expect.arrayContaining([expect.objectContaining({ name: 'planted' })]) as unknown,
    });
    expect(await (await client.send('/v1/stages/~/files')).json()).toMatchObject({ files: [] });
  });

  it.each([
    ['JSON', '/v1/query', { 'content-type': 'text/plain' }, 415],
    ['an upload', '/v1/upload_to_stage', { 'content-type': FORM_TYPE }, 400],
  ])('is told why: %s', async (_what, path, headers, status) => {
    const answer = await client.send(path, { method: 'POST', headers, body: FORM });
    expect(answer.status).toBe(status);
  });

  it('does nothing by GET, but to a query whose id it knows', async () => {
    await client.postJson('/v1/stages', { name: 'kept' });
    const before = await (await client.send('/v1/stages')).text();
    for (const path of pathsOf('GET')) await client.request(`GET ${path}`);
    expect(await (await client.send('/v1/stages')).text()).toBe(before);
    expect((await client.send('/v1/query/unknown/kill')).status).toBe(404);
  });

  it('is no other method, for which a browser asks first and is refused', async () => {
    for (const method of ['PUT', 'DELETE']) {
      const headers = { origin: 'https://evil.example', 'access-control-request-method': method };
      const answer = await client.request('OPTIONS /v1/stages/kept', headers);
      expect(answer.headers.get('access-control-allow-origin')).toBeUndefined();
    }
  });
});
