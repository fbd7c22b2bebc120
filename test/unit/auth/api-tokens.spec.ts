import { jest } from '@jest/globals';
import { ApiTokens } from '../../../src/auth/api-tokens.js';
import { TokenSubjects } from '../../../src/auth/token-subjects.js';
import type { User } from '../../../src/users/accounts/user.js';
import { newTokenText, tokenDigest, type ApiToken } from '../../../src/users/tokens/api-token.js';
import { endOfTokens } from '../../../src/users/tokens/api-token.repository.js';
import { ofKind } from '../of-kind.js';
import { PeopleFixture, type PeopleServer } from '../users/people-fixture.js';

const SCOPE = { privileges: ['Read'], stages: ['~'], prefix: 'a/' } as const;

let fixture: PeopleFixture;
let server: PeopleServer;
let tokens: ApiTokens;
let subjects: TokenSubjects;
let ann: User;

beforeEach(async () => {
  fixture = await PeopleFixture.create();
  server = await fixture.server();
  tokens = new ApiTokens(server.tokens, server.service, server.principals);
  subjects = new TokenSubjects(server.service, server.principals, tokens);
  ann = await server.addUser('ann');
});

afterEach(async () => {
  await tokens.onApplicationShutdown();
  await fixture.remove();
});

async function addToken(text: string, more: Partial<ApiToken> = {}): Promise<ApiToken> {
  const token: ApiToken = {
    id: `id of ${text}`,
    userId: ann.id,
    name: text,
    digest: tokenDigest(text),
    scope: undefined,
    createdOn: new Date(),
    expiresOn: undefined,
    lastUsedOn: undefined,
    ...more,
  };
  await server.commit(server.tokens.insertion(token));
  return token;
}

const inMs = (ms: number): Date => new Date(Date.now() + ms);
const lastUse = async (): Promise<Date | undefined> => (await server.tokens.listOf(ann.id))[0]?.lastUsedOn;

describe('an API token', () => {
  it('is a text that nobody guesses, of which only a digest is kept', async () => {
    const text = newTokenText();
    expect(text).toMatch(/^sd_[\w-]{43}$/);
    await addToken(text);
    const [stored] = await server.tokens.listOf(ann.id);
    expect(stored?.digest).not.toContain(text);
    expect((await tokens.authenticate(text))?.name).toBe('ann');
    expect(await tokens.authenticate(`${text.slice(0, -1)}!`)).toBeUndefined();
  });

  it('is its user, with its scope', async () => {
    await addToken('sd_1', { scope: SCOPE });
    expect(await tokens.authenticate('sd_1')).toMatchObject({
      userId: ann.id,
      token: { id: 'id of sd_1', scope: SCOPE },
    });
  });

  it('ends at its time, to the millisecond', async () => {
    const { expiresOn } = await addToken('sd_1', { expiresOn: inMs(60_000) });
    const end = expiresOn?.getTime() ?? 0;
    const now = jest.spyOn(Date, 'now').mockReturnValue(end - 1);
    expect(await tokens.authenticate('sd_1')).toBeDefined();
    expect(await tokens.principalById('id of sd_1', ann)).toBeDefined();
    now.mockReturnValue(end);
    await expect(tokens.authenticate('sd_1')).rejects.toThrow(ofKind('ApiTokenExpired'));
    expect(await tokens.principalById('id of sd_1', ann)).toBeUndefined();
    now.mockRestore();
  });

  it('ends when it is revoked, and when its user is dropped or disabled', async () => {
    await addToken('sd_1');
    await server.commit(server.tokens.deletion('id of sd_1'));
    expect(await tokens.authenticate('sd_1')).toBeUndefined();
    await addToken('sd_2');
    await server.commit(server.users.update({ ...ann, isDisabled: true }));
    await expect(tokens.authenticate('sd_2')).rejects.toThrow(ofKind('UserDisabled'));
    await server.commit(server.users.deletion(ann.id));
    expect(await tokens.authenticate('sd_2')).toBeUndefined();
    await server.commit(endOfTokens(ann.id));
    expect(await server.tokens.listOf(ann.id)).toEqual([]);
  });

  it('stays with another password', async () => {
    await addToken('sd_1');
    await server.commit(server.users.update({ ...ann, credential: 'another' }));
    expect(await tokens.authenticate('sd_1')).toBeDefined();
  });
});

describe('the last use of a token', () => {
  it('is written once for many uses, at the end of the minute or of the server', async () => {
    await addToken('sd_1');
    const write = jest.spyOn(server.database, 'write');
    for (let use = 0; use < 20; use++) await tokens.authenticate('sd_1');
    expect(write).not.toHaveBeenCalled();
    await tokens.onApplicationShutdown();
    expect(write).toHaveBeenCalledTimes(1);
    expect((await lastUse())?.getTime()).toBeGreaterThan(Date.now() - 60_000);
    await tokens.onApplicationShutdown();
    expect(write).toHaveBeenCalledTimes(1);
  });

  it('is not missed where it cannot be written', async () => {
    await addToken('sd_1');
    await tokens.authenticate('sd_1');
    const write = jest.spyOn(server.database, 'write').mockRejectedValueOnce(new Error('away'));
    await tokens.onApplicationShutdown();
    expect(await lastUse()).toBeUndefined();
    write.mockRestore();
    expect(await tokens.authenticate('sd_1')).toBeDefined();
  });
});

describe('to whom something signed was issued', () => {
  const ofAnn = (): { userId: string; credential: string } => ({
    userId: ann.id,
    credential: ann.credential,
  });

  it('is the user as it is now', async () => {
    const subject = await subjects.now(ofAnn());
    expect(subject).toMatchObject({ user: { name: 'ann' }, principal: { currentRole: { name: 'public' } } });
  });

  it('is out when the user is gone, disabled or has another password', async () => {
    await server.commit(server.users.update({ ...ann, credential: 'another' }));
    expect(await subjects.now(ofAnn())).toEqual({ end: 'other-credential' });
    await server.commit(server.users.update({ ...ann, isDisabled: true }));
    expect(await subjects.now(ofAnn())).toEqual({ end: 'disabled', name: 'ann' });
    await server.commit(server.users.deletion(ann.id));
    await server.addUser('ann', { credential: ann.credential });
    expect(await subjects.now(ofAnn())).toEqual({ end: 'gone' });
  });

  it('is out when the API token was revoked or has expired that it was asked for with', async () => {
    await addToken('sd_1', { scope: SCOPE });
    const asked = { ...ofAnn(), apiToken: 'id of sd_1' };
    expect(await subjects.now(asked)).toMatchObject({ principal: { token: { scope: SCOPE } } });
    const now = jest.spyOn(Date, 'now');
    await addToken('sd_2', { expiresOn: inMs(1000) });
    now.mockReturnValue(Date.now() + 2000);
    expect(await subjects.now({ ...ofAnn(), apiToken: 'id of sd_2' })).toEqual({ end: 'api-token-ended' });
    now.mockRestore();
    await server.commit(server.tokens.deletion('id of sd_1'));
    expect(await subjects.now(asked)).toEqual({ end: 'api-token-ended' });
  });
});
