import type { StorageConnection } from '../../../contract/storage-provider-factory.js';

/** The settings of a client, derived from a connection. */
export interface S3Settings {
  readonly bucket: string;
  /** Null for AWS, whose endpoint the SDK knows. */
  readonly endpoint: string | null;
  /** The endpoint for clients of presigned URLs; `endpoint` unless it is configured. */
  readonly presignEndpoint: string | null;
  readonly region: string;
  readonly virtualHostStyle: boolean;
  /** Null for a public bucket, whose requests are not signed. */
  readonly credentials: S3Credentials | null;
}

export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export const DEFAULT_ENDPOINT = 'https://s3.amazonaws.com';
export const DEFAULT_REGION = 'us-east-1';

export function s3Settings({ url, options }: StorageConnection): S3Settings {
  const endpoint = options['endpoint_url'] ?? DEFAULT_ENDPOINT;
  const presignEndpoint = options['presign_endpoint_url'] ?? endpoint;
  return {
    bucket: bucketOf(url),
    endpoint: isKnownToSdk(endpoint) ? null : endpoint,
    presignEndpoint: isKnownToSdk(presignEndpoint) ? null : presignEndpoint,
    region: options['region'] ?? regionOfEndpoint(endpoint) ?? DEFAULT_REGION,
    virtualHostStyle: options['enable_virtual_host_style'] === 'true',
    credentials: credentialsOf(options),
  };
}

function credentialsOf({
  access_key_id: accessKeyId,
  secret_access_key: secretAccessKey,
  session_token: sessionToken,
}: StorageConnection['options']): S3Credentials | null {
  if (accessKeyId === undefined || secretAccessKey === undefined) return null;
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}

function isKnownToSdk(endpoint: string): boolean {
  return endpoint === DEFAULT_ENDPOINT;
}

function bucketOf(url: string): string {
  return url.slice('s3://'.length).split('/', 1)[0] ?? '';
}

/** Reads the region from a regional endpoint of AWS. */
function regionOfEndpoint(endpoint: string): string | undefined {
  return /^https?:\/\/s3[.-]([a-z]{2}-[a-z-]+-\d+)\.amazonaws\.com(\.cn)?$/.exec(endpoint)?.[1];
}
