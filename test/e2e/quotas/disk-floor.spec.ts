import { statfs } from 'node:fs/promises';
import { describeWithMounts, Mounts } from '../../support/mounts.js';
import { Client } from '../support/client.js';
import { eventually, expectError, storedFiles } from '../support/expectations.js';
import { removeFolder, startTestApp, temporaryFolder, type TestApp } from '../support/test-app.js';

const MEBIBYTE = 1024 ** 2;
const LOW = { status: 507, code: 4000, kind: 'NoSpace', message: /keep 20 MiB free \(DISK_MIN_FREE_MIB\)/ };

describeWithMounts('a disk that must keep some space free', () => {
  const mounts = new Mounts();
  let folder: string;
  let testApp: TestApp;
  let client: Client;

  beforeAll(async () => {
    folder = await temporaryFolder();
    mounts.tmpfs(folder, 'size=32m');
    testApp = await startTestApp({ DATA_DIR: folder, DISK_MIN_FREE_MIB: '20' });
    client = new Client(testApp);
  });

  afterAll(async () => {
    await testApp.close();
    mounts.close();
    await removeFolder(folder);
  });

  it('refuses by the declared length what would leave less, before its body', async () => {
    const connection = await client.start('PUT /v1/stages/~/files/large', {
      'content-length': String(16 * MEBIBYTE),
      expect: '100-continue',
    });
    await expectError(await connection.expectAnswer(), LOW);
    connection.leave();
    expect(await storedFiles(testApp)).toEqual([]);
  });

  it('refuses everything below that, until there is room again', async () => {
    const put = async (name: string, mebibytes: number): Promise<Response> =>
      client.send(`/v1/stages/~/files/${name}`, {
        method: 'PUT',
        body: new Blob([new Uint8Array(mebibytes * MEBIBYTE)]),
      });
    for (let number = 0; number < 20; number++) {
      const { bavail, bsize } = await statfs(folder);
      if (bavail * bsize < 21 * MEBIBYTE) break;
      await put(`f${String(number)}`, 1);
    }
    await eventually(async () => {
      await expectError(await put('small', 1), LOW);
    });
    await client.send('/v1/stages/~/files?prefix=', { method: 'DELETE' });
    await eventually(async () => {
      expect((await put('small', 1)).status).toBe(201);
    });
  });
});
