import { StorageError } from '../../../../src/storage/contract/storage-error.js';
import { FsStorageFactory } from '../../../../src/storage/providers/fs/fs-storage.factory.js';
import { MemoryStorageFactory } from '../../../../src/storage/providers/memory/memory-storage.factory.js';
import { S3StorageFactory } from '../../../../src/storage/providers/s3/s3-storage.factory.js';

type Options = Readonly<Record<string, string>>;
type Changes = Readonly<Record<string, string | null>>;

const factory = new S3StorageFactory({ timeoutMs: 30_000 });
const OLD: Options = {
  endpoint_url: 'http://h:1',
  access_key_id: 'old',
  secret_access_key: 'os',
  region: 'r',
};

function changed(options: Options, changes: Changes): Options {
  const [before, change] = [new Map(Object.entries(options)), new Map(Object.entries(changes))];
  return Object.fromEntries(factory.changeOptions(before, change));
}

describe('a change of single options of S3', () => {
  it.each<[string, Options, Changes, Options]>([
    ['leaves the others', OLD, { region: 'eu' }, { ...OLD, region: 'eu' }],
    [
      'removes one by null',
      OLD,
      { region: null },
      { endpoint_url: 'http://h:1', access_key_id: 'old', secret_access_key: 'os' },
    ],
    ['removes one that is not there', OLD, { presign_endpoint_url: null }, OLD],
    [
      'counts for every spelling of an option',
      { aws_key_id: 'old', aws_secret_key: 'os' },
      { access_key_id: 'new', secret_access_key: 'ns' },
      { access_key_id: 'new', secret_access_key: 'ns' },
    ],
    [
      'keeps the spelling that it has',
      { access_key_id: 'old', secret_access_key: 'os' },
      { aws_key_id: 'new', aws_secret_key: null },
      { aws_key_id: 'new' },
    ],
    [
      'keeps two spellings that it has, which are then compared',
      OLD,
      { access_key_id: 'a', aws_key_id: 'b' },
      {
        endpoint_url: 'http://h:1',
        secret_access_key: 'os',
        region: 'r',
        access_key_id: 'a',
        aws_key_id: 'b',
      },
    ],
    [
      'of the key ends the session token of the old one',
      { ...OLD, session_token: 't' },
      { access_key_id: 'new', secret_access_key: 'ns' },
      { ...OLD, access_key_id: 'new', secret_access_key: 'ns' },
    ],
    [
      'of the key may bring its session token',
      { ...OLD, aws_token: 't' },
      { access_key_id: 'new', secret_access_key: 'ns', session_token: 'u' },
      { ...OLD, access_key_id: 'new', secret_access_key: 'ns', session_token: 'u' },
    ],
    [
      'keeps unknown options, also removed ones, to be named',
      {},
      { regoin: 'x', foo: null },
      { regoin: 'x', foo: '' },
    ],
    [
      'takes another endpoint without keys',
      { region: 'r' },
      { endpoint_url: 'http://h:2' },
      { region: 'r', endpoint_url: 'http://h:2' },
    ],
    ['takes the same endpoint again', OLD, { endpoint_url: 'http://h:1' }, OLD],
    [
      'takes another endpoint with its keys',
      OLD,
      { endpoint_url: 'http://h:2', aws_key_id: 'new', aws_secret_key: 'ns' },
      { endpoint_url: 'http://h:2', aws_key_id: 'new', aws_secret_key: 'ns', region: 'r' },
    ],
  ])('%s', (_what, options, changes, expected) => {
    expect(changed(options, changes)).toEqual(expected);
  });

  it.each<[string, Changes]>([
    ['another endpoint', { endpoint_url: 'http://h:2' }],
    ['no endpoint, which is AWS', { endpoint_url: null }],
    ['another endpoint with half of its keys', { endpoint_url: 'http://h:2', access_key_id: 'new' }],
  ])('sends kept keys to no other store: %s', (_what, changes) => {
    const change = (): unknown => changed(OLD, changes);
    expect(change).toThrow(StorageError);
    expect(change).toThrow(/another 'endpoint_url' needs the keys for it/);
  });
});

it.each([new FsStorageFactory(), new MemoryStorageFactory()])(
  'a store without options names those of a change, and none that it keeps itself: $scheme',
  (store) => {
    const kept = new Map([['marked', 'yes']]);
    expect([...store.changeOptions(kept, new Map([['region', null]])).keys()]).toEqual(['region']);
  },
);
