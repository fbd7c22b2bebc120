import type { ExternalStage } from '../../../src/stages/catalog/stage.js';
import { stageView } from '../../../src/stages/catalog/stage-view.js';
import { DEFAULT_FILE_FORMAT } from '../../../src/stages/file-formats/file-format.js';
import { SealedBoxError } from '../../../src/keys/sealed-box-error.js';
import { StageError } from '../../../src/stages/stage-error.js';
import { StorageError } from '../../../src/storage/contract/storage-error.js';
import { parseStorageUrl } from '../../../src/storage/contract/storage-url.js';
import { S3StorageFactory } from '../../../src/storage/providers/s3/s3-storage.factory.js';

const factory = new S3StorageFactory({ timeoutMs: 30_000 });
const describeConnection = factory.describe.bind(factory);

const NAMED = {
  id: 'id-1',
  name: 'my_stage',
  fileFormat: { type: 'CSV' },
  comment: 'mine',
  creator: "'root'@'%'",
  createdOn: new Date('2024-01-02T03:04:05.678Z'),
  ownerRole: 'id of a role',
};

function externalStage(
  decryptConnection: ExternalStage['decryptConnection'],
  connectionRef: ExternalStage['connectionRef'] = null,
): ExternalStage {
  const stored = { decryptStored: decryptConnection, storedVersion: '1' };
  return { ...NAMED, kind: 'external', connectionRef, decryptConnection, ...stored };
}

describe('a stage whose connection this server cannot open', () => {
  it('is shown without it: it can still be seen and dropped', () => {
    const decryptConnection = (): never => {
      throw new SealedBoxError('UnreadableSecret', 'another key');
    };
    expect(stageView(externalStage(decryptConnection), describeConnection, 'writers')).toMatchObject({
      name: 'my_stage',
      stage_type: 'External',
      storage_type: null,
      url: null,
      storage_params: null,
      comment: 'mine',
    });
  });

  it.each([
    new StageError('MissingConnection', 'it is gone'),
    new StorageError('InvalidConfig', 'it is not allowed any more'),
  ])('is shown with the name of the connection that it refers to: $message', (error) => {
    const decryptConnection = (): never => {
      throw error;
    };
    const stage = externalStage(decryptConnection, { id: 'i', name: 'c' });
    const view = stageView(stage, describeConnection, 'writers');
    expect(view).toMatchObject({ stage_type: 'External', connection_ref: 'c', url: null });
  });

  it('is not shown where something else is wrong', () => {
    const decryptConnection = (): never => {
      throw new TypeError('a mistake');
    };
    const show = (): unknown => stageView(externalStage(decryptConnection), describeConnection, 'writers');
    expect(show).toThrow('a mistake');
  });
});

describe('a stage as it is shown', () => {
  it("is, for a user's own, what was always there", () => {
    expect(
      stageView({ kind: 'user', name: '~', userId: 'root', quota: null }, describeConnection, 'writers'),
    ).toEqual({
      name: '~',
      stage_type: 'Internal',
      storage_type: null,
      url: null,
      endpoint: null,
      has_credentials: false,
      has_encryption_key: false,
      storage_params: null,
      connection_ref: null,
      file_format_options: DEFAULT_FILE_FORMAT,
      creator: null,
      created_on: null,
      comment: '',
      owner: null,
      quota: null,
    });
  });

  it('is, for an internal one, what it was created with, without its id', () => {
    const quota = { maxBytes: 10, maxFiles: null };
    const view = stageView({ ...NAMED, kind: 'internal', quota }, describeConnection, 'writers');
    expect(view).toMatchObject({
      name: 'my_stage',
      stage_type: 'Internal',
      file_format_options: { type: 'CSV' },
      creator: "'root'@'%'",
      created_on: '2024-01-02T03:04:05.678Z',
      comment: 'mine',
      owner: 'writers',
      quota: { max_bytes: 10, max_files: null },
    });
    expect(JSON.stringify(view)).not.toMatch(/id-1|id of a role/);
  });

  it.each([
    ['access_key_id', 'AKIDEXAMPLE'],
    ['secret_access_key', 'wJalrXUtnFEMI'],
    ['session_token', 'FwoGZXIvYXdzEXAMPLE'],
    ['secret_access_key', 'ab'],
    ['session_token', 'abc'],
  ])('shows %s = %s of an external one masked', (option, value) => {
    const options = { access_key_id: 'AKIDxxxxxx', secret_access_key: 'yyyyyyyyyy', [option]: value };
    const url = parseStorageUrl('s3://my-bucket/demo/');
    const connection = factory.parseConnection(url, new Map(Object.entries(options)), 'user');
    const view = stageView(
      externalStage(() => connection),
      describeConnection,
      'writers',
    );
    expect(view).toMatchObject({
      stage_type: 'External',
      storage_type: 's3',
      url: 's3://my-bucket/demo/',
      endpoint: 'https://s3.amazonaws.com',
      has_credentials: true,
    });
    expect(Object.values(view.storage_params ?? {})).not.toContain(value);
    expect(JSON.stringify(view)).not.toContain(`"${value}"`);
  });
});
