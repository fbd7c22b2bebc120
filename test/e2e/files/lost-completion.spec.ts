import { contentOf, MIB } from '../../conformance/bodies.js';
import { startPermissiveS3, type PermissiveS3 } from '../../support/permissive-s3/permissive-s3.mjs';
import { expectError } from '../support/expectations.js';
import { bucketStore, onStore } from '../support/stores.js';

describe('a store that does not know the upload which is to become an object', () => {
  let s3: PermissiveS3;

  beforeAll(async () => {
    s3 = await startPermissiveS3();
  });
  afterAll(() => s3.stop());

  onStore(
    {},
    (_testApp, client) => bucketStore(s3, client),
    (scene) => {
      const url = (): string => `/v1/stages/${scene().store.stage}/files/big.bin`;
      const put = (content: Buffer): Promise<Response> =>
        scene().client.send(url(), { method: 'PUT', body: new Uint8Array(content) });

      afterEach(() => {
        s3.quirks.answers = [];
      });

      it('is no success because an older object lies under the name', async () => {
        await scene().store.put('big.bin', 'older');
        s3.quirks.answers = [
          { on: 'CompleteMultipartUpload', answer: { code: 'NoSuchUpload', status: 404 } },
        ];
        await expectError(await put(contentOf(20 * MIB)), {
          status: 503,
          code: 3901,
          message: /send it again/,
        });
        expect(await (await scene().client.send(url())).text()).toBe('older');
      });

      it('is a success where the object of an earlier attempt lies under the name', async () => {
        s3.quirks.answers = [{ on: 'CompleteMultipartUpload', times: 1, answer: 'lost' }];
        const content = contentOf(20 * MIB, 2);
        expect((await put(content)).status).toBe(201);
        const stored = Buffer.from(await (await scene().client.send(url())).arrayBuffer());
        expect(stored.equals(content)).toBe(true);
      });
    },
  );
});
