import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { adminCommand } from '../support/admin-command.js';
import {
  launchServer,
  removeFolder,
  startServer,
  temporaryFolder,
  type Environment,
} from '../support/server-process.js';
import { StageClient } from '../support/stage-client.js';

const NOBODY = 65_534;

let folder: string;
let data: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  data = join(folder, 'data');
  await mkdir(data);
});

afterEach(async () => {
  await removeFolder(folder);
});

/** What a start says that ends by itself with 1: one line, without a stack. */
async function refusal(settings: Environment = {}, uid?: number): Promise<string> {
  const server = launchServer({ DATA_DIR: data, PORT: '0', HOST: '127.0.0.1', ...settings }, folder, uid);
  expect(await server.exited()).toBe(1);
  const logs = server.logs();
  expect(logs.trimEnd()).not.toContain('\n');
  return logs;
}

describe('a start is refused in one sentence', () => {
  it('on a database that is none', async () => {
    await writeFile(join(data, 'stagedoor.db'), 'no database '.repeat(1000));
    expect(await refusal()).toMatch(/^The database .+ is damaged \(SQLITE_NOTADB\)\. .+ admin -- restore/);
  });

  it('on a file or a folder that it may not write', async () => {
    const server = await startServer(data);
    await server.stop();
    if (process.getuid?.() === 0) {
      await chmod(folder, 0o755);
      await chown(data, NOBODY, NOBODY);
      for (const name of await readdir(data)) await chown(join(data, name), NOBODY, NOBODY);
    }
    const uid = process.getuid?.() === 0 ? NOBODY : undefined;
    await chmod(join(data, 'stagedoor.db'), 0o400);
    expect(await refusal({}, uid)).toMatch(/^The database .+ cannot be opened for writing .+chown\), .+$/m);
    await chmod(join(data, 'stagedoor.db'), 0o600);
    await chmod(data, 0o500);
    expect(await refusal({}, uid)).toMatch(/^The database .+ cannot be opened for writing .+chown\), .+$/m);
    await chmod(data, 0o700);
  }, 60_000);

  it('under another key, until what it had encrypted is forgotten; internal stages survive', async () => {
    const stages = join(folder, 'exports');
    await mkdir(stages);
    const server = await startServer(data, { FS_STAGE_ROOTS: stages });
    const client = new StageClient(server.url);
    for (const stage of [{ name: 'kept' }, { name: 'lost', url: `fs://${stages}/` }]) {
      expect((await client.createStage(stage)).status).toBe(201);
    }
    await client.uploadBooks('kept');
    await server.stop();
    const other = { DATA_DIR: data, CONNECTION_KEY: randomBytes(32).toString('base64') };
    expect(await refusal(other)).toMatch(
      /^The key of this server does not open the stage lost\. Bring back .+ admin -- forget-connections\.$/m,
    );
    expect(await adminCommand(other, 'forget-connections')).toEqual({
      code: 0,
      errors: '',
      output: 'dropped the external stage lost; its files stay where they are\n',
    });
    const again = await startServer(data, other);
    const listed = await new StageClient(again.url).listFiles('kept');
    expect(listed).toHaveLength(1);
    expect((await new StageClient(again.url).send('/v1/stages/lost')).status).toBe(404);
    await again.stop();
  }, 60_000);
});

it('a start is refused where a link makes files of the service files of a stage', async () => {
  const exports = join(folder, 'exports');
  await symlink(data, exports);
  const settings = { DATA_DIR: data, FS_STAGE_ROOTS: exports, PORT: '0', HOST: '127.0.0.1' };
  const server = launchServer(settings, folder);
  expect(await server.exited()).toBe(1);
  const lines = server.logs().trimEnd().split('\n');
  expect(lines).toEqual([
    'The settings cannot be used:',
    expect.stringContaining(`'${exports} (really ${data})' and that of DATA_DIR, '${data}', are nested`),
  ]);
});
