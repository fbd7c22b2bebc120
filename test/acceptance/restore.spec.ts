import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { adminCommand } from './support/admin-command.js';
import { filesIn, md5Of } from './support/busy-stage.js';
import {
  launchServer,
  removeFolder,
  startServer,
  temporaryFolder,
  type ServerProcess,
} from './support/server-process.js';
import { StageClient } from './support/stage-client.js';

const CONTENT = 'the content of a file';

let folder: string;
let data: string;
let backup: string;
let server: ServerProcess;

beforeAll(async () => {
  folder = await temporaryFolder();
  [data, backup] = [join(folder, 'data'), join(folder, 'backup')];
  server = await startServer(data);
  const client = new StageClient(server.url);
  await client.createStage({ name: 's' });
  await client.send('/v1/stages/s/files/file.txt', { method: 'PUT', body: CONTENT });
  expect(await adminCommand({ DATA_DIR: data }, 'backup', backup)).toMatchObject({ code: 0 });
});

afterAll(async () => {
  await server.stop();
  await removeFolder(folder);
});

describe('where something is in the way', () => {
  it('a restore changes nothing, and moves it aside when it is told to overwrite', async () => {
    const target = join(folder, 'taken');
    expect(await adminCommand({ DATA_DIR: target }, 'restore', backup)).toMatchObject({ code: 0 });
    const again = await adminCommand({ DATA_DIR: target }, 'restore', backup);
    expect(again).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/is there already.+--overwrite/) as string,
    });
    const told = await adminCommand({ DATA_DIR: target }, 'restore', backup, '--overwrite');
    expect(told).toMatchObject({ code: 0, errors: '' });
    const names = await readdir(target);
    expect(names.filter((name) => name.includes('.before-'))).toHaveLength(2);
    expect(names).not.toContain('restore.unfinished');
    expect(names).not.toContain('.restoring');
    const restored = await startServer(target);
    expect((await filesIn(restored.url, 's')).get('file.txt')).toMatchObject({ md5: md5Of(CONTENT) });
    await restored.stop();
  });

  it('a server starts on a backup of which no file was there any more, and takes uploads', async () => {
    const [origin, copied, target] = ['origin', 'copied', 'emptied'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    const first = await startServer(origin);
    await new StageClient(first.url).send('/v1/stages/~/files/file.txt', { method: 'PUT', body: CONTENT });
    await first.stop();
    await rm(join(origin, 'internal/stage'), { recursive: true });
    expect(await adminCommand({ DATA_DIR: origin }, 'backup', copied)).toMatchObject({ code: 0 });
    expect(await adminCommand({ DATA_DIR: target }, 'restore', copied)).toMatchObject({ code: 0 });
    const restored = await startServer(target);
    const put = await new StageClient(restored.url).send('/v1/stages/~/files/new.txt', {
      method: 'PUT',
      body: CONTENT,
    });
    expect(put.status).toBe(201);
    await restored.stop();
  });

  it('a restore that was cut off while it copied says how to go on without it', async () => {
    const target = join(folder, 'copying');
    expect(await adminCommand({ DATA_DIR: target }, 'restore', backup)).toMatchObject({ code: 0 });
    await writeFile(join(target, 'restore.unfinished'), 'copying');
    const refused = launchServer({ DATA_DIR: target, PORT: '0', HOST: '127.0.0.1' });
    expect(await refused.exited()).toBe(1);
    expect(refused.logs()).toMatch(
      /or remove .+restore\.unfinished to go on with what was there before\.\n$/,
    );
    const again = await adminCommand({ DATA_DIR: target }, 'restore', backup);
    expect(again).toMatchObject({ code: 1, errors: expect.stringMatching(/--overwrite/) as string });
    await rm(join(target, 'restore.unfinished'));
    await (await startServer(target)).stop();
  });

  it('no server starts on a restore that was cut off, and another one ends it', async () => {
    const target = join(folder, 'cut');
    expect(await adminCommand({ DATA_DIR: target }, 'restore', backup)).toMatchObject({ code: 0 });
    await rm(join(target, 'stagedoor.db')); // as if it had ended just before
    await writeFile(join(target, 'restore.unfinished'), '');
    const refused = launchServer({ DATA_DIR: target, PORT: '0', HOST: '127.0.0.1' });
    expect(await refused.exited()).toBe(1);
    expect(refused.logs()).toMatch(
      /^A restore into .+ has not ended\. Run it again: npm run admin -- restore/,
    );
    expect(await adminCommand({ DATA_DIR: target }, 'restore', backup)).toMatchObject({
      code: 0,
      errors: '',
    });
    const restored = await startServer(target);
    expect((await filesIn(restored.url, 's')).get('file.txt')).toMatchObject({ md5: md5Of(CONTENT) });
    await restored.stop();
  });
});
