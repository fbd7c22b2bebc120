import type { Request } from 'express';
import { isLoopback } from '../../../src/common/loopback.js';
import { type Peer, Peers } from '../../../src/auth/peer.js';
import { requestWith } from '../request.js';

type Header = readonly [string, string];

const HOST: Header = ['host', 'localhost:8000'];

/** A request over loopback, unless another address is given. */
function peer(
  headers: readonly Header[],
  { address = '127.0.0.1', publicUrl = null as string | null } = {},
): Peer {
  const request = requestWith(headers, address);
  Object.defineProperty(request, 'ip', { value: address }); // Express reads it of the socket
  return new Peers({ publicUrl }).of(request as Request);
}

describe('a peer', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.8.9.10', true],
    ['::1', true],
    ['::ffff:127.0.0.1', true],
    ['::FFFF:127.0.0.1', true],
    ['128.0.0.1', false],
    ['10.0.0.1', false],
    ['0.0.0.0', false],
    ['::', false],
    ['::2', false],
    ['::ffff:10.0.0.1', false],
    ['2001:db8::1', false],
    ['fe80::1%eth0', false],
    ['', false],
  ])('at %j is this machine: %s', (address, isLocal) => {
    expect(isLoopback(address)).toBe(isLocal);
    expect(peer([HOST], { address }).remoteReason() === undefined).toBe(isLocal);
  });

  it('has the plain address of an IPv4 client', () => {
    expect(peer([HOST], { address: '::ffff:10.0.0.1' }).address).toBe('10.0.0.1');
  });

  it.each([
    ...['Forwarded', 'X-Forwarded-For', 'x-forwarded-proto', 'X-Forwarded-Anything', 'X-Real-IP', 'Via'],
    ...[
      'CF-Connecting-IP',
      'True-Client-IP',
      'X-Client-IP',
      'X-Cluster-Client-Ip',
      'X-Original-Forwarded-For',
    ],
    ...['Fastly-Client-IP', 'X-Originating-IP', 'X-Remote-IP', 'X-Remote-Addr', 'X-Envoy-External-Address'],
    ...[
      'X-ProxyUser-Ip',
      'WL-Proxy-Client-IP',
      'X-Azure-ClientIP',
      'X-Appengine-User-IP',
      'My-X-Forwarded-For',
    ],
    ...['CDN-Loop', 'CF-Ray', 'X-Envoy-Internal', 'X-Auth-Request-User'],
    ...['X-Original-URL', 'X-Rewrite-URL', 'X-Scheme', 'Front-End-Https', 'Tailscale-User-Login'],
    ...['X-ARR-LOG-ID', 'Ali-CDN-Sourced-IP', 'X-Nginx-Proxy'],
  ])('that sends %s comes from afar: a proxy on this machine speaks for somebody else', (name) => {
    expect(peer([HOST, [name, '']]).remoteReason()).toMatch(/a proxy has forwarded it/);
  });

  it.each(['X-Forward', 'Viable', 'X-Real-IPs', 'X-Recipe', 'X-Zip', 'X-Ship', 'X-Amz-Date'])(
    'that sends %s does not',
    (name) => {
      expect(peer([HOST, [name, 'x']]).remoteReason()).toBeUndefined();
    },
  );

  it.each([
    ...[
      'localhost',
      'localhost:8000',
      'LOCALHOST',
      'localhost.',
      'app.localhost:8000',
      '127.0.0.1:8000',
      '127.9.9.9',
    ],
    ...['[::1]:8000', '[::ffff:127.0.0.1]', '127.1:8000'],
  ])('that asks for the host %s means this machine', (host) => {
    expect(peer([['host', host]]).remoteReason()).toBeUndefined();
  });

  it.each([
    ...[
      'evil.example',
      'evil.example:8000',
      'localhost.evil.example',
      'notlocalhost',
      '127.0.0.1.evil.example',
    ],
    ...['0.0.0.0:8000', '[::]:8000', '10.0.0.1', '', ':8000', 'a b', 'localhost@evil.example', '[::2]'],
  ])('that asks for the host %j does not', (host) => {
    expect(peer([['host', host]]).remoteReason()).toMatch(/its Host is no name of this machine/);
  });

  it('that names no host, as HTTP/1.0 allows, does not', () => {
    expect(peer([]).remoteReason()).toMatch(/its Host is no name of this machine/);
  });

  it('may ask for the host of PUBLIC_URL', () => {
    const publicUrl = 'http://stages.test:8080/base';
    expect(peer([['host', 'stages.test:8080']], { publicUrl }).remoteReason()).toBeUndefined();
    expect(peer([['host', 'Stages.Test:8080']], { publicUrl }).remoteReason()).toBeUndefined();
    expect(peer([['host', 'stages.test']], { publicUrl }).remoteReason()).toMatch(/Host/);
    expect(peer([HOST, ['origin', 'http://stages.test:8080']], { publicUrl }).remoteReason()).toBeUndefined();
  });

  it.each(['http://evil.example', 'null', 'http://localhost:3000', 'http://localhost', 'file://', ''])(
    'whose Origin is %j is the page of somebody else',
    (origin) => {
      expect(peer([HOST, ['origin', origin]]).remoteReason()).toMatch(/a page of another origin asks/);
    },
  );

  it('whose Origin is its own is not', () => {
    expect(peer([HOST, ['origin', 'http://localhost:8000']]).remoteReason()).toBeUndefined();
  });

  it.each(['cross-site', 'same-site', 'unheard-of'])('whose Sec-Fetch-Site is %s is', (site) => {
    expect(peer([HOST, ['sec-fetch-site', site]]).remoteReason()).toMatch(/a page of another site asks/);
  });

  it.each(['same-origin', 'none'])('whose Sec-Fetch-Site is %s is not', (site) => {
    expect(peer([HOST, ['sec-fetch-site', site]]).remoteReason()).toBeUndefined();
  });
});
