import { ShutdownState } from '../../../src/common/shutdown-state.js';
import { Client } from '../support/client.js';
import { eventually, expectError, storedFiles } from '../support/expectations.js';
import { filePart, form } from '../support/form.js';
import { presigned } from '../support/presigned.js';
import { removeFolder, startTestApp, temporaryFolder, type TestApp } from '../support/test-app.js';
import { send, WAYS } from '../support/uploads.js';

const ENDING = { status: 503, message: /about to end: send the file again in a moment/ };

describe('a server that is about to end', () => {
  let testApp: TestApp;
  let client: Client;

  beforeEach(async () => {
    testApp = await startTestApp();
    client = new Client(testApp);
    expect((await client.upload(form(filePart('old', 'old')))).status).toBe(200);
  });

  afterEach(() => testApp.close());

  const begin = (): void => {
    testApp.app.get(ShutdownState).begin();
  };

  it('is alive and not ready', async () => {
    expect((await client.send('/ready')).status).toBe(200);
    begin();
    expect((await client.send('/health')).status).toBe(200);
    const ready = await client.send('/ready');
    expect(ready.status).toBe(503);
    expect(await ready.text()).toMatch(/about to end/);
  });

  it.each(WAYS)('takes no new upload by %s', async (way) => {
    begin();
    const answer = await send(way, client, { stage: '~', name: 'new', content: 'x' });
    await expectError(answer, ENDING);
    expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    expect(await storedFiles(testApp)).toEqual(['stage/user/root/old']);
  });

  it('asks for no body, of a presigned upload neither', async () => {
    const { url } = await presigned(client, '~', { method: 'PUT', path: 'new' });
    begin();
    const headers = { expect: '100-continue', 'content-length': '1' };
    for (const path of ['/v1/stages/~/files/new', new URL(url).pathname])
      await expectError(await client.request(`PUT ${path}`, headers), ENDING);
  });

  it('lets what runs come to its end, and still gives files', async () => {
    const running = await client.start('PUT /v1/stages/~/files/running', { 'content-length': '10' }, '01234');
    await eventually(async () => {
      expect((await storedFiles(testApp)).length).toBe(2); // its temporary file is there
    });
    begin();
    expect(await client.content('~', 'old')).toBe('old');
    await running.write('56789');
    expect((await running.expectAnswer()).status).toBe(201);
    running.leave();
    expect(await client.content('~', 'running')).toBe('0123456789');
  });
});

describe('the end of a server', () => {
  it('cuts off what runs, tells its client, and leaves nothing of it', async () => {
    const dataDir = await temporaryFolder();
    const testApp = await startTestApp({ DATA_DIR: dataDir });
    const client = new Client(testApp);
    expect((await client.upload(form(filePart('old', 'old')))).status).toBe(200);
    const running = await client.start('PUT /v1/stages/~/files/old', { 'content-length': '10' }, '01234');
    await eventually(async () => {
      expect((await storedFiles({ dataDir })).length).toBe(2); // its temporary file is there
    });
    const closing = testApp.app.close();
    const message = /server has ended before the upload was whole: send it again/;
    await expectError(await running.expectAnswer(), { status: 503, message });
    running.leave();
    await closing;
    expect(await storedFiles({ dataDir })).toEqual(['stage/user/root/old']);
    await removeFolder(dataDir);
    await removeFolder(testApp.dataDir);
  });
});
