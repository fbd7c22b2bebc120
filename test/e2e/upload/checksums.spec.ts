import { base64Crc32, base64Crc32c, base64Digest, hexMd5 } from '../support/digests.js';
import { eventually, expectError } from '../support/expectations.js';
import { filePart, form } from '../support/form.js';
import { onEachStore, type Scene } from '../support/stores.js';
import { partWith, send, uploadIdOf, uploadStatus, WAYS, type Way } from '../support/uploads.js';

const CONTENT = Buffer.alloc(1024, 'the true content ');
const OTHER = Buffer.alloc(1024, 'another content ');
/** Of more than one part on S3, and more than one batch on local disk. */
const LARGE = Buffer.alloc(9 * 1024 ** 2 + 1, 'a long content ');
const LARGE_OTHER = Buffer.concat([LARGE.subarray(0, -1), Buffer.from('!')]);
const NAME = 'data.bin';
const EXPECT = { expect: '100-continue' };

interface Declared {
  readonly title: string;
  readonly header: string;
  readonly value: (content: Buffer) => string;
}

function digestField(member: string, algorithm: string): (content: Buffer) => string {
  return (content) => `${member}=:${base64Digest(algorithm, content)}:`;
}

const DECLARED: readonly Declared[] = [
  { title: 'Content-MD5', header: 'content-md5', value: (content) => base64Digest('md5', content) },
  ...['content-digest', 'repr-digest'].flatMap((header): Declared[] => [
    { title: `${header} by sha-256`, header, value: digestField('sha-256', 'sha256') },
    { title: `${header} by sha-512`, header, value: digestField('sha-512', 'sha512') },
    { title: `${header} by md5`, header, value: digestField('md5', 'md5') },
  ]),
  {
    title: 'Content-Digest with unknown members beside a known one',
    header: 'content-digest',
    value: (content) =>
      `unixsum=:AAA=:, ${digestField('sha-256', 'sha256')(content)};note=1 , id-sha-1=:AAAA:`,
  },
  {
    title: 'Repr-Digest with several members',
    header: 'repr-digest',
    value: (content) =>
      [digestField('md5', 'md5'), digestField('sha-512', 'sha512')].map((field) => field(content)).join(', '),
  },
  ...['sha256', 'sha1'].map((algorithm): Declared => {
    const header = `x-amz-checksum-${algorithm}`;
    return { title: header, header, value: (content) => base64Digest(algorithm, content) };
  }),
  { title: 'x-amz-checksum-crc32', header: 'x-amz-checksum-crc32', value: base64Crc32 },
  { title: 'x-amz-checksum-crc32c', header: 'x-amz-checksum-crc32c', value: base64Crc32c },
];
const EACH_WAY = WAYS.flatMap((way) => DECLARED.map((declared) => ({ way, ...declared })));
/** One header of each kind of computation. */
const LARGE_WAYS = EACH_WAY.filter(({ title }) =>
  /^(Content-MD5|Repr-Digest with several|x-amz-checksum-(sha1|crc32c?)$)/.test(title),
);

describe('the digests of the tests', () => {
  it('are those of the standards', () => {
    const check = Buffer.from('123456789');
    expect(Buffer.from(base64Crc32(check), 'base64').toString('hex')).toBe('cbf43926');
    expect(Buffer.from(base64Crc32c(check), 'base64').toString('hex')).toBe('e3069283');
  });
});

onEachStore('a declared digest', (scene) => {
  const stage = (): string => scene().store.stage;
  const sendWith = (way: Way, content: Buffer, fileHeaders: Record<string, string>, name = NAME) =>
    send(way, scene().client, { stage: stage(), name, content, fileHeaders });

  beforeEach(async () => {
    await sendWith('a form', Buffer.from('previous'), {});
  });

  it.each(EACH_WAY)('that is right, $title of $way, changes nothing', async ({ way, header, value }) => {
    const answer = await sendWith(way, CONTENT, { [header]: value(CONTENT) });
    expect([answer.status, answer.body.toString()]).toEqual([200, expect.any(String)]);
    await expectStored(scene(), CONTENT);
  });

  it.each(EACH_WAY)('that is wrong, $title of $way, is 400', async ({ way, header, value }) => {
    const answer = await sendWith(way, CONTENT, { [header]: value(OTHER) });
    await expectMismatch(scene(), answer, header);
    await expectMismatch(scene(), await sendWith(way, CONTENT, { [header]: value(OTHER) }, 'new'), header);
    await expectStored(scene(), Buffer.from('previous'));
  });

  it.each(LARGE_WAYS)('of a large file, $title of $way, is checked', async ({ way, header, value }) => {
    await expectMismatch(scene(), await sendWith(way, LARGE, { [header]: value(LARGE_OTHER) }), header);
    await expectStored(scene(), Buffer.from('previous'));
    expect((await sendWith(way, LARGE, { [header]: value(LARGE) })).status).toBe(200);
    await expectStored(scene(), LARGE);
  });

  it('that is wrong beside one that is right is 400', async () => {
    for (const way of WAYS) {
      const right = { 'content-md5': base64Digest('md5', CONTENT) };
      const answer = await sendWith(way, CONTENT, { ...right, 'x-amz-checksum-crc32c': base64Crc32c(OTHER) });
      await expectMismatch(scene(), answer, 'x-amz-checksum-crc32c');
    }
    await expectStored(scene(), Buffer.from('previous'));
  });

  it('that is wrong in the second file of a form leaves the first one, and names it', async () => {
    const wrong = partWith(NAME, CONTENT, { 'content-md5': base64Digest('md5', OTHER) });
    const body = form(filePart('first'), wrong, filePart('third'));
    const answer = await scene().client.upload(body, { stage_name: stage() });
    const message = /content is not what Content-MD5 says/;
    const { files } = await expectError(answer, { status: 400, message });
    expect(files).toEqual(['first']);
    expect(await scene().client.names(stage())).toEqual([NAME, 'first']);
    await expectStored(scene(), Buffer.from('previous'));
  });

  it('is each file’s own in a form', async () => {
    const parts = ['a', 'b'].map((name) =>
      partWith(name, name, { 'content-md5': base64Digest('md5', Buffer.from(name)) }),
    );
    expect((await scene().client.upload(form(...parts), { stage_name: stage() })).status).toBe(200);
    const { files } = await scene().client.page(stage(), '?pattern=[ab]');
    expect(files.map(({ md5 }) => md5)).toEqual([hexMd5('a'), hexMd5('b')]);
  });
});

const MALFORMED: readonly [title: string, headers: Record<string, string>, message: RegExp][] = [
  ['a Content-MD5 in hex', { 'content-md5': hexMd5(CONTENT) }, /content-md5.*16 bytes, in base64/i],
  ['a Content-MD5 that is none', { 'content-md5': '?' }, /content-md5.*16 bytes, in base64/i],
  ['an empty Content-MD5', { 'content-md5': '""' }, /content-md5.*16 bytes, in base64/i],
  ['a digest without colons', { 'content-digest': 'sha-256=AAAA' }, /content-digest.*sha-256=:…base64…:/],
  ['a digest of another length', { 'repr-digest': 'sha-256=:AAAA:' }, /repr-digest.*32 bytes, in base64/],
  ['a list of digests with a hole', { 'content-digest': 'md5=:AAAA:,,' }, /content-digest is malformed/],
  ['no algorithm that is known', { 'content-digest': 'unixsum=:AAA=:' }, /send one of sha-256, sha-512/],
  [
    'x-amz-checksum-crc64nvme',
    { 'x-amz-checksum-crc64nvme': 'AAAAAAAAAAA=' },
    /cannot be checked here: send/,
  ],
  ['an x-amz-checksum-sha256 that is none', { 'x-amz-checksum-sha256': 'AAAA' }, /32 bytes, in base64/],
  ['an x-amz-checksum-crc32 in hex', { 'x-amz-checksum-crc32': 'cbf43926' }, /4 bytes, in base64/],
  [
    'headers that contradict each other',
    {
      'content-md5': base64Digest('md5', CONTENT),
      'content-digest': `md5=:${base64Digest('md5', OTHER)}:`,
    },
    /different digests by md5: send one of them/,
  ],
  [
    'members that contradict each other',
    { 'repr-digest': [CONTENT, OTHER].map(digestField('md5', 'md5')).join(', ') },
    /different digests by md5/,
  ],
];

onEachStore('a digest that cannot be checked', (scene) => {
  const sendWith = (way: Way, fileHeaders: Record<string, string>, headers: Record<string, string> = {}) =>
    send(way, scene().client, {
      stage: scene().store.stage,
      name: NAME,
      content: CONTENT,
      fileHeaders,
      headers,
    });

  beforeEach(async () => {
    await scene().store.put(NAME, 'previous');
  });

  afterEach(async () => {
    expect(await scene().client.content(scene().store.stage, NAME)).toBe('previous');
    expect(await scene().store.orphans(NAME)).toEqual([]);
  });

  it.each(MALFORMED)('%s, is 400 for a form part', async (_title, headers, message) => {
    await expectError(await sendWith('a form', headers), { status: 400, message });
  });

  it.each(MALFORMED)(
    '%s, is 400 for a raw upload before its body is read',
    async (_title, headers, message) => {
      const answer = await scene().client.request(`PUT /v1/stages/${scene().store.stage}/files/${NAME}`, {
        ...EXPECT,
        'content-length': '1024',
        ...headers,
      });
      await expectError(answer, { status: 400, message });
    },
  );

  it.each(['Content-MD5', 'x-amz-checksum-sha256', 'Content-Digest'])(
    '%s in a trailer is 400',
    async (name) => {
      const headers = { ...EXPECT, 'transfer-encoding': 'chunked', trailer: name };
      const line = `PUT /v1/stages/${scene().store.stage}/files/${NAME}`;
      const message = /cannot come in a trailer here: send it as a header/;
      await expectError(await scene().client.request(line, headers), { status: 400, message });
    },
  );

  it('one in a trailer that nothing announces is 400, and nothing is stored', async () => {
    const file = `/v1/stages/${scene().store.stage}/files/after.bin`;
    const body = `3\r\nabc\r\n0\r\nContent-MD5: ${base64Digest('md5', OTHER)}\r\n\r\n`;
    const answer = await scene().client.request(`PUT ${file}`, { 'transfer-encoding': 'chunked' }, body);
    const message = /cannot come in a trailer here: send it as a header/;
    await expectError(answer, { status: 400, message });
    expect((await scene().client.request(`HEAD ${file}`)).status).toBe(404);
  });

  it.each(DECLARED)('$title in the headers of a whole form, is 400', async ({ header, value }) => {
    const answer = await sendWith('a form', {}, { [header]: value(CONTENT) });
    await expectError(answer, { status: 400, message: /give it in the form part of the file/ });
  });

  it.each([
    ['smaller', '1023'],
    ['greater', '1025'],
    ['no number', '1e3'],
  ])('a Content-Length of a form part that is %s, is 400', async (_title, length) => {
    const answer = await sendWith('a form', { 'content-length': length });
    const message = /has 1024 bytes, and its Content-Length says .*send the file again/;
    await expectError(answer, { status: 400, message });
  });
});

onEachStore('a form part’s Content-Length that is right', (scene) => {
  it('changes nothing', async () => {
    const { client, store } = scene();
    const fileHeaders = { 'content-length': '1024' };
    const answer = await send('a form', client, {
      stage: store.stage,
      name: NAME,
      content: CONTENT,
      fileHeaders,
    });
    expect(answer.status).toBe(200);
    await expectStored(scene(), CONTENT);
  });
});

async function expectStored({ client, store }: Scene, content: Buffer): Promise<void> {
  const answer = await client.send(`/v1/stages/${store.stage}/files/${NAME}`);
  expect(Buffer.from(await answer.arrayBuffer()).equals(content)).toBe(true);
  const { files } = await client.page(store.stage, `?prefix=${NAME}`);
  expect(files).toMatchObject([{ name: NAME, size: content.length, md5: hexMd5(content) }]);
}

/** It is told, recorded, and nothing is left of it. */
async function expectMismatch(
  { client, store }: Scene,
  answer: Awaited<ReturnType<typeof send>>,
  header: string,
): Promise<void> {
  const message = new RegExp(
    `content is not what ${header} says: .* Nothing was stored: send the file again`,
    'i',
  );
  const { error } = await expectError(answer, { status: 400, message });
  const status = await uploadStatus(client, uploadIdOf(answer));
  expect(status).toMatchObject({ state: 'FAILED', files: [], error: { code: 400, message: error.message } });
  expect(await client.names(store.stage)).toEqual([NAME]);
  await eventually(async () => {
    expect(await store.orphans(NAME)).toEqual([]);
  });
}
