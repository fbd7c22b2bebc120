import {
  launchServer,
  removeFolder,
  startServer,
  temporaryFolder,
  type ServerProcess,
} from '../support/server-process.js';
import { expectBooksIn, StageClient } from '../support/stage-client.js';

let folder: string;
let server: ServerProcess | undefined;

beforeEach(async () => {
  folder = await temporaryFolder();
});

afterEach(async () => {
  await server?.stop();
  server = undefined;
  await removeFolder(folder);
});

it('SIGTERM ends it with exit code 0', async () => {
  server = await startServer(folder);
  expect(await server.stop()).toBe(0);
});

it('a second SIGTERM within the same second changes nothing', async () => {
  server = await startServer(folder);
  server.signal('SIGTERM');
  server.signal('SIGTERM');
  expect(await server.exited()).toBe(0);
});

it('bad settings are named all at once, and it exits with 1', async () => {
  const bad = {
    PORT: 'abc',
    LOG_LEVEL: 'loud',
    CONNECTION_KEY: 'short',
    INTERNAL_STORAGE_URL: 'bucket',
  };
  server = launchServer({ DATA_DIR: folder, ...bad });
  expect(await server.exited()).toBe(1);
  for (const name of Object.keys(bad)) expect(server.logs()).toContain(name);
  // A message, not a stack trace.
  expect(server.logs()).not.toMatch(/^ +at /m);
});

it('stages and files survive a restart', async () => {
  server = await startServer(folder);
  const before = new StageClient(server.url);
  expect((await before.createStage({ name: 'kept' })).status).toBe(201);
  expect((await before.uploadBooks('kept')).status).toBe(200);
  expect((await before.uploadBooks('~')).status).toBe(200);
  expect(await server.stop()).toBe(0);

  server = await startServer(folder);
  const after = new StageClient(server.url);
  await expectBooksIn(after, 'kept');
  await expectBooksIn(after, '~');
});
