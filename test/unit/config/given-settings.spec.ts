import { givenSettings } from '../../../src/config/given-settings.js';

const shown = (name: string, value: string): string | undefined => givenSettings({ [name]: value })[0]?.value;

describe('the settings that are shown', () => {
  it.each([
    ['ROOT_PASSWORD', 'hunter2'],
    ['CONNECTION_KEY', 'c2VjcmV0'],
    ['INTERNAL_STORAGE_SECRET_ACCESS_KEY', 'secret'],
    ['INTERNAL_STORAGE_ACCESS_KEY_ID', 'id'],
    ['INTERNAL_STORAGE_SECURITY_TOKEN', 'token'],
    ['INTERNAL_STORAGE_AN_OPTION_OF_LATER', 'secret'],
  ])('do not tell %s', (name, value) => {
    expect(shown(name, value)).toBe('***');
  });

  it('do not tell a password within a URL', () => {
    const url = 'postgres://stagedoor:hunter2@db:5432/stagedoor?sslmode=require&password=other';
    expect(shown('DATABASE_URL', url)).toBe('postgres://***@db:5432/stagedoor?sslmode=require&password=***');
    expect(shown('INTERNAL_STORAGE_ENDPOINT_URL', 'http://id:secret@store')).toBe('http://***@store');
  });

  it('tell all others, in order, and no variable of other programs', () => {
    const given = givenSettings({ PORT: '1', PATH: '/bin', PASSWORD_MIN_LENGTH: '9', HOST: '' });
    expect(given.map(({ name, value }) => [name, value])).toEqual([
      ['PASSWORD_MIN_LENGTH', '9'],
      ['PORT', '1'],
    ]);
  });
});
