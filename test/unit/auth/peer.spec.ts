import { peerOf } from '../../../src/auth/peer.js';
import { requestWith } from '../request.js';

it.each([
  ['127.0.0.1', '127.0.0.1', true],
  ['127.8.9.10', '127.8.9.10', true],
  ['::1', '::1', true],
  ['::ffff:127.0.0.1', '127.0.0.1', true],
  ['::FFFF:127.0.0.1', '127.0.0.1', true],
  ['128.0.0.1', '128.0.0.1', false],
  ['10.0.0.1', '10.0.0.1', false],
  ['0.0.0.0', '0.0.0.0', false],
  ['::', '::', false],
  ['::2', '::2', false],
  ['::ffff:10.0.0.1', '10.0.0.1', false],
  ['2001:db8::1', '2001:db8::1', false],
  ['fe80::1%eth0', 'fe80::1%eth0', false],
  [undefined, '', false],
])('a peer at %s has the address %j and is local: %s', (remoteAddress, address, isLocal) => {
  expect(peerOf(requestWith([['host', 'localhost']], remoteAddress))).toEqual({ address, isLocal });
});

it.each(['Forwarded', 'X-Forwarded-For', 'x-forwarded-proto', 'X-Forwarded-Anything', 'X-Real-IP', 'Via'])(
  'one that sends %s is not local: a proxy on this machine speaks for somebody else',
  (name) => {
    expect(peerOf(requestWith([[name, '']], '127.0.0.1')).isLocal).toBe(false);
  },
);

it.each(['Host', 'X-Forwarder', 'Viable', 'X-Real-IPs', 'My-X-Forwarded-For'])(
  'one that sends %s is',
  (name) => {
    expect(peerOf(requestWith([[name, 'x']], '127.0.0.1')).isLocal).toBe(true);
  },
);
