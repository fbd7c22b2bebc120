import type { StorageError, StorageErrorKind } from '../../storage/contract/storage-error.js';

export type CheckName = 'list' | 'write' | 'read' | 'remove';

const RIGHTS: Readonly<Record<CheckName, string>> = {
  list: 'to list the bucket (s3:ListBucket), or the directory to read it',
  write: 'to put objects (s3:PutObject), or the directory to write to it',
  read: 'to get objects (s3:GetObject), or the files to read them',
  remove: 'to delete objects (s3:DeleteObject), or the directory to write to it',
};

/** Advice by the store's error code, which is the name of the error's cause. */
const BY_CODE: Readonly<Record<string, string>> = {
  InvalidAccessKeyId: 'Give the access key that this store knows, as access_key_id.',
  SignatureDoesNotMatch: 'Give the secret key that belongs to the access key, as secret_access_key.',
  InvalidToken: 'Give the session_token that belongs to the keys, or leave it out.',
  ExpiredToken: 'Give new keys with their session_token: these have expired.',
  NoSuchBucket: 'Make the bucket, or correct its name in the url.',
  AuthorizationHeaderMalformed: 'Give the region that the store names as the option region.',
  PermanentRedirect: 'Give the region of the bucket as the option region, and its endpoint_url.',
  RequestTimeTooSkewed: "Set this server's clock and the store's, by NTP.",
  ENOTFOUND: 'Correct the host in endpoint_url, or its entry in DNS.',
  ECONNREFUSED: 'Start the store, or correct host and port in endpoint_url.',
  EROFS: 'Mount the file system for writing.',
};

const BY_KIND: Readonly<Partial<Record<StorageErrorKind, string>>> = {
  InvalidConfig:
    'Correct the connection of the stage: endpoint_url is that of the S3 API, with http:// or https://.',
  NoSpace: 'Make room in the store.',
  Unavailable: 'Look whether the store runs and can be reached from this server, and check again.',
  RateLimited: 'Check again later.',
};

/** Tells an administrator how to fix a failed check. */
export function adviceFor(check: CheckName, error: StorageError): string {
  const code = codeOf(error);
  if (/CERT|SELF_SIGNED|UNABLE_TO/.test(code)) {
    return "Let this server trust the store's certificate: NODE_EXTRA_CA_CERTS names a file with its authority.";
  }
  return (
    BY_CODE[code] ??
    (error.kind === 'PermissionDenied' ? `Give the right ${RIGHTS[check]}.` : BY_KIND[error.kind]) ??
    'Look into the log of the store, and check again.'
  );
}

function codeOf({ cause, context }: StorageError): string {
  if (typeof context['errno'] === 'string') return context['errno'];
  return cause instanceof Error ? cause.name : '';
}
