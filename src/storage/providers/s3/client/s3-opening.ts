import type { StorageProvider } from '../../../contract/storage-provider.js';
import { s3Client } from './s3-client.js';
import { downloadHandler, requestHandler } from './s3-http.js';
import { S3Dialect } from './s3-dialect.js';
import { S3PlainRequests } from './s3-plain-requests.js';
import type { S3Network } from './s3-network.js';
import { S3Software } from './s3-software.js';
import { DEFAULT_ENDPOINT, type S3Settings } from '../connection/s3-settings.js';
import { S3StorageProvider } from '../s3-storage.provider.js';
import { isOn } from '../../../../config/shortcuts.js';

/** Creates a provider. Loading this module loads the SDK. */
export function openS3(settings: S3Settings, network: S3Network): StorageProvider {
  const { timing } = network;
  const software = new S3Software();
  const dialect = new S3Dialect();
  const presignSettings = { ...settings, endpoint: settings.presignEndpoint };
  const client = s3Client(settings, { handler: requestHandler(network), timing, dialect });
  const store = {
    client,
    plain: isOn('plain-s3-requests')
      ? new S3PlainRequests(client, settings, { software, dialect, network })
      : { send: () => Promise.resolve(undefined) },
    downloads: s3Client(settings, { handler: downloadHandler(network), timing, dialect }),
    presigning: s3Client(presignSettings, { handler: requestHandler(network), timing, dialect }),
    bucket: settings.bucket,
    endpoint: settings.endpoint ?? DEFAULT_ENDPOINT,
    isAnonymous: settings.credentials === null,
    software,
    dialect,
    timing,
  };
  software.listenTo(store.client);
  software.listenTo(store.downloads);
  return new S3StorageProvider(store);
}
