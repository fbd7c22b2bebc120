import { s3StoreName } from '../../../../src/storage/providers/s3/connection/s3-store-name.js';

it.each([
  ['http://localhost:9000', 's3://b at localhost:9000'],
  ['http://127.0.0.1:9000', 's3://b at localhost:9000'],
  ['http://[::1]:9000', 's3://b at localhost:9000'],
  ['http://MINIO', 's3://b at minio'],
  ['https://minio', 's3://b at minio'],
  ['https://minio:443', 's3://b at minio'],
  ['http://minio:9000', 's3://b at minio:9000'],
  ['https://s3.amazonaws.com', 's3://b at aws'],
  ['https://s3.eu-central-1.amazonaws.com', 's3://b at aws'],
  ['https://s3-eu-west-1.amazonaws.com', 's3://b at aws'],
  ['https://s3.amazonaws.com.example.org', 's3://b at s3.amazonaws.com.example.org'],
  ['https://storage.example.org', 's3://b at storage.example.org'],
])('a bucket at %s is %s', (endpoint, name) => {
  expect(s3StoreName('b', endpoint)).toBe(name);
});
