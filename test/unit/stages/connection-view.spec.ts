import { connectionView } from '../../../src/stages/connections/connection-view.js';
import type { NamedConnection } from '../../../src/stages/connections/named-connection.js';
import { SealedBoxError } from '../../../src/keys/sealed-box-error.js';

function connectionWith(decryptOptions: () => ReadonlyMap<string, string>): NamedConnection {
  const createdOn = new Date('2024-01-02T03:04:05.678Z');
  return {
    id: 'id-1',
    name: 'my_conn',
    storageType: 's3',
    creator: "'root'@'%'",
    createdOn,
    version: '1',
    ownerRole: 'account_admin',
    decryptOptions,
  };
}

describe('a connection as it is shown', () => {
  it.each<[Record<string, string>, string]>([
    [{ endpoint_url: 'https://s3.amazonaws.com' }, 'endpoint_url=ht***om'],
    [
      { region: 'us-east-1', aws_secret_key: 'my_secret_key', aws_key_id: 'AKIDEXAMPLE' },
      'aws_key_id=AK***LE aws_secret_key=my***ey region=us***-1',
    ],
    [{ aws_key_id: 'abcd', aws_token: 'abcde' }, 'aws_key_id=*** aws_token=ab***de'],
    [{ region: '🎭🎭🎭🎭🎭' }, 'region=🎭🎭***🎭🎭'],
    [{ region: '' }, 'region='],
    [{}, ''],
  ])('has of %j the text %j', (options, storage_params) => {
    const connection = connectionWith(() => new Map(Object.entries(options)));
    expect(connectionView(connection)).toEqual({ name: 'my_conn', storage_type: 's3', storage_params });
  });

  it('has none of its options where this server cannot open them: it can still be seen and dropped', () => {
    const connection = connectionWith(() => {
      throw new SealedBoxError('UnreadableSecret', 'another key');
    });
    expect(connectionView(connection)).toMatchObject({ name: 'my_conn', storage_params: '' });
  });

  it('is not shown where something else is wrong', () => {
    const connection = connectionWith(() => {
      throw new TypeError('a mistake');
    });
    expect(() => connectionView(connection)).toThrow('a mistake');
  });
});
