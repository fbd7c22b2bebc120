import { randomUUID } from 'node:crypto';

import { curl } from './support/curl.js';
import { removeFolder, startServer, temporaryFolder, type ServerProcess } from './support/server-process.js';
import { BOOKS, expectBooksIn, StageClient } from './support/stage-client.js';
import { clientOf, describeWithMinio, makeBucket } from './support/test-minio.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

let folder: string;
let server: ServerProcess;

beforeAll(async () => {
  folder = await temporaryFolder();
  server = await startServer(folder);
});

afterAll(async () => {
  await server.stop();
  await removeFolder(folder);
});

async function uploadByCurl(stage: string): Promise<void> {
  const { status, body } = await curl(
    ...['-u', 'root:', '-H', `stage_name:${stage}`, '-F', `upload=@${BOOKS}`],
    ...['-XPUT', `${server.url}/v1/upload_to_stage`],
  );
  const id = expect.stringMatching(UUID) as string;
  expect(status).toBe(200);
  expect(body).toEqual({ id, stage_name: stage, state: 'SUCCESS', files: [BOOKS] });
}

async function createByCurl(stage: { readonly name: string } & Record<string, unknown>): Promise<void> {
  const json = ['-H', 'content-type: application/json', '-d', JSON.stringify(stage)];
  const { status, body } = await curl('-u', 'root:', ...json, `${server.url}/v1/stages`);
  expect(status).toBe(201);
  expect(body).toMatchObject({ name: stage.name });
}

describe('the documented curl examples', () => {
  it('upload to the user stage', async () => {
    await uploadByCurl('~');
    await expectBooksIn(new StageClient(server.url), '~');
  });

  it('upload to a named internal stage', async () => {
    await createByCurl({ name: 'my_internal_stage' });
    await uploadByCurl('my_internal_stage');
    await expectBooksIn(new StageClient(server.url), 'my_internal_stage');
  });

  describeWithMinio('with an external store', (minio) => {
    it('upload to a named external stage', async () => {
      const client = clientOf(minio);
      await makeBucket(client, 'databend');
      client.destroy();
      await createByCurl({
        name: 'my_external_stage',
        url: `s3://databend/${randomUUID()}/`,
        connection: {
          endpoint_url: minio.endpoint,
          aws_key_id: minio.accessKeyId,
          aws_secret_key: minio.secretAccessKey,
        },
      });
      await uploadByCurl('my_external_stage');
      await expectBooksIn(new StageClient(server.url), 'my_external_stage');
    });

    it('print no warning of a library', () => {
      expect(server.logs()).not.toContain('Warning');
    });
  });
});
