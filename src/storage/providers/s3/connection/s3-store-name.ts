const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])$/;
const AWS = /^s3[.-]?[a-z0-9-]*\.amazonaws\.com$/;
const DEFAULT_PORTS = new Set(['', '80', '443']);

/**
 * One name for one bucket, however its endpoint is spelled: with or without TLS, by the names that a machine has for itself,
 * by any of AWS's regions, among which a bucket's name is unique.
 *
 * @param endpoint a URL.
 */
export function s3StoreName(bucket: string, endpoint: string): string {
  const { hostname, port } = new URL(endpoint);
  const host = AWS.test(hostname) ? 'aws' : LOOPBACK.test(hostname) ? 'localhost' : hostname;
  return `s3://${bucket} at ${host}${DEFAULT_PORTS.has(port) ? '' : `:${port}`}`;
}
