import type { Request } from 'express';
import { clientAddress } from '../../../src/http/request/forwarding.js';
import { requestWith } from '../request.js';

/** What Express makes of the connection and of what trusted proxies say. */
function addressOf(ip: string | undefined, remoteAddress = '10.0.0.9'): string {
  const request = requestWith([], remoteAddress);
  Object.defineProperty(request, 'ip', { value: ip });
  return clientAddress(request as Request);
}

describe('the address of a client', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:201', '192.0.2.1'],
    ['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1'],
    ['192.0.2.1:50123', '192.0.2.1'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[::ffff:192.0.2.1]:80', '192.0.2.1'],
    ['2001:0DB8:0:0::1', '2001:db8::1'],
    ['::1.2.3.4', '::1.2.3.4'],
    ['fe80::1%eth0', 'fe80::1%eth0'],
    ['FE80:0::1%eth0', 'fe80::1%eth0'],
  ])('that is told as %j is %j', (told, address) => {
    expect(addressOf(told)).toBe(address);
  });

  it.each([
    undefined,
    ...[
      '',
      'unknown',
      '_hidden',
      'localhost',
      '1.2.3',
      '1.2.3.4.5',
      '01.2.3.4',
      '1.2.3.4:x',
      '[1',
      'x'.repeat(9000),
    ],
  ])('is that of the connection where %j is told, which is none', (told) => {
    expect(addressOf(told)).toBe('10.0.0.9');
  });

  it('is empty where the client has left', () => {
    const request = requestWith([]);
    expect(clientAddress(request as Request)).toBe('');
  });
});
