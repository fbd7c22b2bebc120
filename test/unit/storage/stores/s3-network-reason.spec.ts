import { networkReason } from '../../../../src/storage/providers/s3/s3-network-reason.js';

it.each([
  [
    'EPROTO',
    'write EPROTO 00A:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../ssl/record',
  ],
  [
    'EPROTO',
    'write EPROTO 00:error:0A0000C6:SSL routines:tls_get_more_records:packet length too long:../ssl',
  ],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'wrong version number'],
  ['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'packet length too long'],
])('%s (%s) is told as what to write', (code, message) => {
  expect(networkReason(code, message)).toBe('its endpoint answers no TLS: write http:// in endpoint_url.');
});

it('an endpoint that wants TLS is told so', () => {
  const message = 'Client sent an HTTP request to an HTTPS server.';
  expect(networkReason('400', message)).toMatch(/write https:\/\//);
});

it('an endpoint that hangs up may want TLS', () => {
  expect(networkReason('TimeoutError', 'socket hang up')).toMatch(/https:\/\//);
});

it.each([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
])('%s is told in words', (code) => {
  expect(networkReason(code, `connect ${code} 127.0.0.1:9`)).toMatch(/^[a-z ,]+\.$/);
});

it("a store's own words stay", () => {
  expect(networkReason('NoSuchBucket', 'The specified bucket does not exist')).toBeUndefined();
  expect(networkReason('EPROTO', 'write EPROTO')).toBeUndefined();
});
