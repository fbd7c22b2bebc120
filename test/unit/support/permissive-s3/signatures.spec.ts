import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { type PermissiveS3, startPermissiveS3 } from '../../../support/permissive-s3/permissive-s3.mjs';
import { sdkClient, signed, unsigned } from './s3-requests.js';

const HOUR_MS = 3_600_000;
let s3: PermissiveS3;

beforeEach(async () => {
  s3 = await startPermissiveS3();
  s3.store.put('a b/c+d=é.csv', 'content');
});
afterEach(() => s3.stop());

const target = (): { Bucket: string; Key: string } => ({ Bucket: s3.bucket, Key: 'a b/c+d=é.csv' });
const reading = (client: S3Client): Promise<unknown> => client.send(new GetObjectCommand(target()));

describe('a signature in headers', () => {
  it.each<[string, () => S3Client, string, number]>([
    [
      'an unknown key',
      () => sdkClient(s3, { credentials: { accessKeyId: 'who', secretAccessKey: s3.secretAccessKey } }),
      'InvalidAccessKeyId',
      403,
    ],
    [
      'a wrong secret',
      () => sdkClient(s3, { credentials: { accessKeyId: s3.accessKeyId, secretAccessKey: 'wrong' } }),
      'SignatureDoesNotMatch',
      403,
    ],
    ['another region', () => sdkClient(s3, { region: 'eu-west-1' }), 'AuthorizationHeaderMalformed', 400],
    [
      'a token that nobody gave',
      () =>
        sdkClient(s3, {
          credentials: {
            accessKeyId: s3.accessKeyId,
            secretAccessKey: s3.secretAccessKey,
            sessionToken: 't',
          },
        }),
      'InvalidToken',
      400,
    ],
  ])('with %s is refused', async (_name, client, code, status) => {
    const error = { name: code, $metadata: expect.objectContaining({ httpStatusCode: status }) as object };
    await expect(reading(client())).rejects.toMatchObject(error);
  });

  it('names the region that is right', async () => {
    const error = { Region: 'us-east-1' };
    await expect(reading(sdkClient(s3, { region: 'eu-west-1' }))).rejects.toMatchObject(error);
  });

  it('by a clock that is an hour off is refused, and one of ten minutes is not', async () => {
    s3.quirks.clockOffsetMs = HOUR_MS;
    await expect(reading(sdkClient(s3))).rejects.toMatchObject({ name: 'RequestTimeTooSkewed' });
    s3.quirks.clockOffsetMs = -HOUR_MS;
    await expect(reading(sdkClient(s3))).rejects.toMatchObject({ name: 'RequestTimeTooSkewed' });
    s3.quirks.clockOffsetMs = HOUR_MS / 6;
    await expect(reading(sdkClient(s3))).resolves.toBeDefined();
  });

  it('holds for one path and one method only', async () => {
    const answer = await signed(s3, 'GET', `/${s3.bucket}/a`);
    expect(answer.status).toBe(404);
    const [entry] = s3.journal.entries;
    const headers = entry?.headers as Record<string, string>; // of Node's client, so that all are there
    expect(await unsigned(s3, 'GET', `/${s3.bucket}/b`, { headers })).toMatchObject({ status: 403 });
    expect(await unsigned(s3, 'HEAD', `/${s3.bucket}/a`, { headers })).toMatchObject({ status: 403 });
    expect(await unsigned(s3, 'GET', `/${s3.bucket}/a`, { headers })).toMatchObject({ status: 404 });
  });

  it('covers every header of Amazon', async () => {
    await signed(s3, 'GET', `/${s3.bucket}/a`);
    const [entry] = s3.journal.entries;
    const headers = { ...entry?.headers, 'x-amz-meta-more': 'x' } as Record<string, string>; // as above
    const answer = await unsigned(s3, 'GET', `/${s3.bucket}/a`, { headers });
    expect(answer.text).toContain('not signed');
  });

  it('vouches for the content where it says a digest of it', async () => {
    const sending = sdkClient(s3).send(new PutObjectCommand({ ...target(), Body: 'new' }));
    await expect(sending).resolves.toBeDefined();
    const [entry] = s3.journal.of('PutObject');
    const headers = entry?.headers as Record<string, string>; // as above
    const answer = await unsigned(s3, 'PUT', `${entry?.path ?? ''}?x-id=PutObject`, {
      headers,
      body: Buffer.from('odd'),
    });
    expect(answer.text).toContain('XAmzContentSHA256Mismatch');
    expect(s3.store.get(target().Key)?.toString()).toBe('new');
  });

  it('is wanted for everything, unless anybody may read', async () => {
    const path = `/${s3.bucket}/a%20b/c%2Bd%3D%C3%A9.csv`;
    expect(await unsigned(s3, 'GET', path)).toMatchObject({ status: 403 });
    s3.quirks.anonymousRead = true;
    expect(await unsigned(s3, 'GET', path)).toMatchObject({ status: 200, text: 'content' });
    expect(await unsigned(s3, 'GET', `/${s3.bucket}?list-type=2`)).toMatchObject({ status: 200 });
    expect(await unsigned(s3, 'PUT', path)).toMatchObject({ status: 403 });
    expect(await unsigned(s3, 'DELETE', path)).toMatchObject({ status: 403 });
  });

  it('for another region can be answered with 301', async () => {
    s3.quirks.redirectsToRegion = true;
    const error = { name: 'PermanentRedirect' };
    await expect(reading(sdkClient(s3, { region: 'eu-west-1' }))).rejects.toMatchObject(error);
    await expect(
      reading(sdkClient(s3, { region: 'eu-west-1', followRegionRedirects: true, maxAttempts: 2 })),
    ).resolves.toBeDefined();
  });
});

describe('a presigned URL', () => {
  const urlOf = (options: Parameters<typeof getSignedUrl>[2] = { expiresIn: 60 }): Promise<string> =>
    getSignedUrl(sdkClient(s3), new GetObjectCommand(target()), options);

  it('reads the object, as the URL wants its headers', async () => {
    const command = new GetObjectCommand({
      ...target(),
      ResponseContentDisposition: 'attachment; filename="é x"',
    });
    const answer = await fetch(await getSignedUrl(sdkClient(s3), command, { expiresIn: 60 }));
    expect(await answer.text()).toBe('content');
    const disposition = Buffer.from(answer.headers.get('content-disposition') ?? '', 'latin1').toString();
    expect(disposition).toBe('attachment; filename="é x"');
  });

  it('is refused where a character of it is changed', async () => {
    const url = await urlOf();
    expect((await fetch(url.replace('Expires=60', 'Expires=61'))).status).toBe(403);
    expect((await fetch(url.replace('.csv', '.tsv'))).status).toBe(403);
    expect((await fetch(url, { method: 'HEAD' })).status).toBe(403);
    expect((await fetch(url)).status).toBe(200);
  });

  it('ends when it says so', async () => {
    const url = await urlOf();
    s3.quirks.clockOffsetMs = 61_000;
    const answer = await fetch(url);
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('Request has expired');
  });

  it('stores an object', async () => {
    const command = new PutObjectCommand({ ...target(), Key: 'new.csv' });
    const url = await getSignedUrl(sdkClient(s3), command, { expiresIn: 60 });
    expect((await fetch(url, { method: 'PUT', body: '' })).status).toBe(200);
    expect(s3.store.get('new.csv')?.length).toBe(0);
  });
});
