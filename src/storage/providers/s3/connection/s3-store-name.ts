const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])$/;
const AWS = /^s3[.-]?[a-z0-9-]*\.amazonaws\.com$/;
const DEFAULT_PORTS = new Set(['', '80', '443']);

/**
 * Returns one name for a bucket for all spellings of its endpoint: with or without TLS, by any loopback name, or by any AWS
 * region, because bucket names are unique among them.
 *
 * @param endpoint the URL of the store.
 */
export function s3StoreName(bucket: string, endpoint: string): string {
  const { hostname, port } = new URL(endpoint);
  const host = AWS.test(hostname) ? 'aws' : LOOPBACK.test(hostname) ? 'localhost' : hostname;
  return `s3://${bucket} at ${host}${DEFAULT_PORTS.has(port) ? '' : `:${port}`}`;
}
