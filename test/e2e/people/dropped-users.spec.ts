import { Readable } from 'node:stream';
import { OPERATOR } from '../../../src/access/principal.js';
import { UserCatalog } from '../../../src/people/accounts/user-catalog.js';
import { StageService } from '../../../src/stages/files/stage.service.js';
import { objectKey } from '../../../src/storage/contract/object-key.js';
import { UserService } from '../../../src/users/accounts/user.service.js';
import { ofKind } from '../../unit/of-kind.js';
import { basic, Client, type FileRow } from '../support/client.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const PASSWORD = 'a password';

let testApp: TestApp;
let catalog: UserCatalog;
let ann: Client;
let heir: Client;

beforeAll(async () => {
  testApp = await startTestApp({ ROOT_PASSWORD: 'of root' });
  catalog = testApp.app.get(UserCatalog);
});

afterAll(() => testApp.close());

beforeEach(async () => {
  ann = await userNamed('ann');
  heir = await userNamed('heir');
});

afterEach(async () => {
  for (const name of ['ann', 'heir', 'boss'])
    await catalog.drop(name, { kind: 'remove' }, OPERATOR).catch(() => undefined);
});

async function userNamed(name: string, isAdmin = false): Promise<Client> {
  await testApp.app.get(UserService).save(name, PASSWORD, { isAdmin });
  return new Client(testApp, basic(name, PASSWORD));
}

async function idOf(name: string): Promise<string> {
  const user = await testApp.app.get(UserService).find(name);
  if (user === null) throw new TypeError(`there is no ${name}`);
  return user.id;
}

async function put(client: Client, path: string, content: string): Promise<void> {
  const headers = { 'content-length': String(content.length), 'content-type': 'text/x-odd' };
  expect((await client.request(`PUT /v1/stages/~/files/${path}`, headers, content)).status).toBe(201);
}

const rows = async (client: Client): Promise<readonly FileRow[]> => (await client.page('~')).files;
const give = (to: string): Promise<void> => catalog.drop('ann', { kind: 'give', to }, OPERATOR);

describe('the files of a user who is dropped', () => {
  it('keep the user where nothing is said of them', async () => {
    await put(ann, 'a.csv', 'content');
    await expect(catalog.drop('ann', undefined, OPERATOR)).rejects.toThrow(ofKind('UserHasFiles'));
    expect(await ann.names('~')).toEqual(['a.csv']);
  });

  it('are removed on demand: a successor of the name finds none', async () => {
    await put(ann, 'a.csv', 'content');
    await catalog.drop('ann', { kind: 'remove' }, OPERATOR);
    expect((await ann.send('/v1/stages/~/files')).status).toBe(401);
    ann = await userNamed('ann');
    expect(await ann.names('~')).toEqual([]);
  });

  it('are given with content, md5, creator and content type, below a folder of their own', async () => {
    await put(ann, 'dir/a.csv', 'content');
    await put(heir, 'dir/a.csv', 'of the heir');
    const [before] = await rows(ann);
    const id = (await idOf('ann')).slice(0, 8);
    await give('heir');
    const name = `of-ann-${id}/dir/a.csv`;
    expect(await heir.names('~')).toEqual(['dir/a.csv', name]);
    const given = (await rows(heir)).find((row) => row.name === name);
    expect(given).toMatchObject({ size: 7, md5: before?.md5, creator: "'ann'@'%'" });
    const answer = await heir.send(`/v1/stages/~/files/${name}`);
    expect([answer.headers.get('content-type'), await answer.text()]).toEqual(['text/x-odd', 'content']);
    expect(await heir.content('~', 'dir/a.csv')).toBe('of the heir');
  });

  it('do not meet those of an earlier user of the name', async () => {
    for (const content of ['of the first', 'of the second']) {
      ann = await userNamed('ann');
      await put(ann, 'a', content);
      await give('heir');
    }
    const names = await heir.names('~');
    const contents = await Promise.all(names.map((name) => heir.content('~', name)));
    expect(contents.toSorted()).toEqual(['of the first', 'of the second']);
  });

  it.each([
    ['nobody', 'InvalidUserOption'],
    ['ann', 'InvalidUserOption'],
  ])('are not given to %s, and stay', async (to, kind) => {
    await put(ann, 'a', 'content');
    await expect(give(to)).rejects.toThrow(ofKind(kind));
    expect(await ann.content('~', 'a')).toBe('content');
  });

  it('stay where the user may not be dropped: somebody must administer', async () => {
    const boss = await userNamed('boss', true);
    await put(boss, 'a', 'content');
    await catalog.alter('root', { options: { isDisabled: true } }, OPERATOR);
    try {
      const dropping = catalog.drop('boss', { kind: 'remove' }, OPERATOR);
      await expect(dropping).rejects.toThrow(ofKind('LastAdministrator'));
      const replacing = catalog.create(
        { name: 'boss', authentication: { secret: PASSWORD }, orReplace: true },
        OPERATOR,
      );
      await expect(replacing).rejects.toThrow(ofKind('LastAdministrator'));
      expect(await boss.content('~', 'a')).toBe('content');
    } finally {
      await catalog.alter('root', { options: { isDisabled: false } }, OPERATOR);
    }
  });
});

it('a file that ends after its user was dropped is not stored', async () => {
  const stages = testApp.app.get(StageService);
  const stage = await stages.resolve('~', { ...OPERATOR, userId: await idOf('ann') }, 'Write');
  await catalog.drop('ann', undefined, OPERATOR);
  const late = stages.putFile(stage, objectKey('late'), Readable.from([Buffer.from('x')]), {});
  await expect(late).rejects.toThrow(ofKind('UnknownStage'));
  await expect(stage.storage.stat(stages.fileName(stage, 'late'))).rejects.toThrow(ofKind('NotFound'));
});

describe('a new password', () => {
  const create = (secret: string | undefined): Promise<boolean> =>
    catalog.create({ name: 'boss', authentication: { secret } }, OPERATOR);

  it.each([
    ['7 characters', 'x'.repeat(7)],
    ['257 characters', 'x'.repeat(257)],
    ['no character', ''],
  ])('of %s is refused', async (_what, secret) => {
    await expect(create(secret)).rejects.toThrow(
      ofKind('InvalidPassword', {
        message: `Invalid password: expect length range 8 to 256, but got ${String(secret.length)}`,
      }),
    );
  });

  it.each([8, 256])('of %i characters is taken', async (length) => {
    expect(await create('x'.repeat(length))).toBe(true);
    const boss = new Client(testApp, basic('boss', 'x'.repeat(length)));
    expect((await boss.send('/v1/stages')).status).toBe(200);
  });

  it('is needed', async () => {
    await expect(create(undefined)).rejects.toThrow(ofKind('PasswordNeeded'));
  });
});
