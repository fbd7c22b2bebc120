import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { newDatabaseUrl } from '../../support/test-database.js';
import { Client } from '../support/client.js';
import {
  eventually,
  expectError,
  expectNothingStays,
  filesBelow,
  storedFiles,
} from '../support/expectations.js';
import { filePart, form } from '../support/form.js';
import { removeFolder, startTestApp, temporaryFolder } from '../support/test-app.js';

const EXTERNAL = {
  name: 'ext',
  url: 's3://bucket/p/',
  connection: { endpoint_url: 'http://127.0.0.1:1', aws_key_id: 'AKIDEXAMPLE', aws_secret_key: 'secret' },
};

const keyOf = (byte: number): string => Buffer.alloc(32, byte).toString('base64');

describe('a stage that is dropped while a file comes in', () => {
  it('ends the upload with 404, and the file is not in a later stage of that name', async () => {
    const testApp = await startTestApp();
    const client = new Client(testApp);
    try {
      await client.createStage({ name: 's1' });
      const body = form(filePart('late.csv', 'x'.repeat(200_000)));
      const upload = await client.startUpload({ stage_name: 's1', 'content-length': String(body.length) });
      await upload.write(body.subarray(0, 100_000));
      expect((await client.send('/v1/stages/s1', { method: 'DELETE' })).status).toBe(204);
      await upload.write(body.subarray(100_000));
      await expectError(await upload.expectAnswer(), {
        status: 404,
        code: 2501,
        message: /'s1' does not exist/,
      });
      upload.leave();
      expect(await storedFiles(testApp)).toEqual([]);
      await client.createStage({ name: 's1' });
      expect(await client.names('s1')).toEqual([]);
    } finally {
      await testApp.close();
    }
  });
});

describe('a stage that is replaced while a file comes in', () => {
  it('keeps what was uploaded to its successor under the same name', async () => {
    const testApp = await startTestApp();
    const client = new Client(testApp);
    try {
      await client.createStage({ name: 's1' });
      const body = form(filePart('same.csv', 'x'.repeat(200_000)));
      const upload = await client.startUpload({ stage_name: 's1', 'content-length': String(body.length) });
      await upload.write(body.subarray(0, 100_000));
      expect((await client.createStage({ name: 's1', or_replace: true })).status).toBe(201);
      const later = await client.upload(form(filePart('same.csv', 'of the successor')), { stage_name: 's1' });
      expect(later.status).toBe(200);
      await upload.write(body.subarray(100_000));
      await expectError(await upload.expectAnswer(), {
        status: 404,
        code: 2501,
        message: /'s1' does not exist/,
      });
      upload.leave();
      expect(await client.content('s1', 'same.csv')).toBe('of the successor');
    } finally {
      await testApp.close();
    }
  });

  it('by many requests at once, each is answered 201 and one stage is left', async () => {
    const testApp = await startTestApp();
    const client = new Client(testApp);
    try {
      const replace = () => client.createStage({ name: 's1', or_replace: true });
      const answers = await Promise.all(Array.from({ length: 20 }, replace));
      expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(201));
      const shown = (await (await client.send('/v1/stages')).json()) as { stages: object[] };
      expect(shown.stages).toHaveLength(1);
    } finally {
      await testApp.close();
    }
  });
});

describe('a shutdown that cuts an upload off', () => {
  it('ends when nothing of the upload is left', async () => {
    const folder = await temporaryFolder();
    const testApp = await startTestApp({ INTERNAL_STORAGE_URL: `fs://${folder}/` });
    try {
      const body = filePart('cut.csv', 'x'.repeat(2_000_000));
      const upload = await new Client(testApp).startUpload({ 'content-length': '9000000' }, body);
      await eventually(async () => {
        expect(await filesBelow(folder)).toHaveLength(1);
      });
      await testApp.close();
      expect(await filesBelow(folder)).toEqual([]);
      upload.leave();
    } finally {
      await removeFolder(folder);
    }
  });
});

describe('an upload that falls silent', () => {
  it('is ended with 408, and leaves nothing', async () => {
    const testApp = await startTestApp({ UPLOAD_IDLE_TIMEOUT_SECONDS: '1' });
    try {
      const upload = await new Client(testApp).startUpload(
        { 'content-length': '1000000' },
        filePart('silent.csv', 'x'.repeat(1000)),
      );
      await expectError(await upload.expectAnswer(), { status: 408, message: /Send it again/ });
      upload.leave();
      await expectNothingStays(testApp);
    } finally {
      await testApp.close();
    }
  });
});

describe("a connection that this server's key does not open", () => {
  it('is said to be so where it is used, and its stage can be seen, replaced and dropped', async () => {
    const DATABASE_URL = await newDatabaseUrl();
    const before = await startTestApp({ DATABASE_URL, CONNECTION_KEY: keyOf(1) });
    await new Client(before).createStage(EXTERNAL);
    await before.close();
    const testApp = await startTestApp({ DATABASE_URL, CONNECTION_KEY: keyOf(2) });
    const client = new Client(testApp);
    try {
      const shown = (await (await client.send('/v1/stages')).json()) as { stages: object[] };
      expect(shown.stages).toMatchObject([{ name: 'ext', stage_type: 'External', url: null }]);
      const unreadable = { status: 502, code: 2002, message: /CONNECTION_KEY/ };
      await expectError(await client.send('/v1/stages/ext/files'), unreadable);
      expect((await client.createStage({ ...EXTERNAL, or_replace: true })).status).toBe(201);
      const replaced = (await (await client.send('/v1/stages/ext')).json()) as object;
      expect(replaced).toMatchObject({ url: 's3://bucket/p/' });
      expect((await client.send('/v1/stages/ext', { method: 'DELETE' })).status).toBe(204);
    } finally {
      await testApp.close();
    }
  });
});

describe('a symbolic link below an allowed root', () => {
  it('leads no stage out of it', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'roots/own'), { recursive: true });
    await mkdir(join(folder, 'outside'));
    await symlink(join(folder, 'outside'), join(folder, 'roots/link'));
    const testApp = await startTestApp({ FS_STAGE_ROOTS: join(folder, 'roots') });
    const client = new Client(testApp);
    try {
      const create = (name: string, path: string) =>
        client.createStage({ name, url: `fs://${join(folder, 'roots', path)}/` });
      expect((await create('own', 'own')).status).toBe(201);
      expect((await create('new', 'own/not/yet')).status).toBe(201);
      for (const path of ['link', 'link/below']) {
        await expectError(await create('out', path), { status: 400, code: 4000, message: /FS_STAGE_ROOTS/ });
      }
    } finally {
      await testApp.close();
      await removeFolder(folder);
    }
  });
});

describe('a body that is no JSON', () => {
  it('is refused without a word of it, in the answer and in the log', async () => {
    const testApp = await startTestApp();
    try {
      const answer = await new Client(testApp).send('/v1/stages', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '"T0PSECRET"x',
      });
      const body = await expectError(answer, { status: 400, message: /not valid JSON/ });
      expect(JSON.stringify(body)).not.toContain('T0PSECRET');
      expect(testApp.logs()).not.toContain('T0PSECRET');
    } finally {
      await testApp.close();
    }
  });
});

describe('a path that differs in case', () => {
  it('is no route', async () => {
    const testApp = await startTestApp();
    try {
      expect((await new Client(testApp).send('/V1/stages')).status).toBe(404);
    } finally {
      await testApp.close();
    }
  });
});
