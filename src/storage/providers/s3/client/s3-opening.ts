import type { StorageProvider } from '../../../contract/storage-provider.js';
import { s3Client } from './s3-client.js';
import { downloadHandler, requestHandler } from './s3-http.js';
import { S3PlainRequests } from './s3-plain-requests.js';
import { S3Software } from './s3-software.js';
import type { S3Settings } from '../connection/s3-settings.js';
import { S3StorageProvider } from '../s3-storage.provider.js';

/** The way to everything that needs the SDK. */
export function openS3(settings: S3Settings): StorageProvider {
  const software = new S3Software();
  const client = s3Client(settings, requestHandler());
  const store = {
    client,
    plain: new S3PlainRequests(client, settings, software),
    downloads: s3Client(settings, downloadHandler()),
    presigning: s3Client({ ...settings, endpoint: settings.presignEndpoint }, requestHandler()),
    bucket: settings.bucket,
    software,
  };
  software.listenTo(store.client);
  software.listenTo(store.downloads);
  return new S3StorageProvider(store);
}
