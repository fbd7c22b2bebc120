import type { Request } from 'express';
import { requestBaseUrl } from '../../../src/presigned/request-base-url.js';

interface Connection {
  readonly localAddress?: string;
  readonly localPort?: number;
  readonly encrypted?: true;
}

type Headers = Readonly<Record<string, string>>;

const CONNECTION: Connection = { localAddress: '127.0.0.1', localPort: 8000 };

function baseUrl(headers: Headers, socket: Connection = CONNECTION, publicUrl: string | null = null): string {
  return baseUrlOf(headers, { socket, publicUrl, isTrusted: true });
}

interface Circumstances {
  readonly socket: Connection;
  readonly publicUrl: string | null;
  readonly isTrusted: boolean;
}

function baseUrlOf(headers: Headers, { socket, publicUrl, isTrusted }: Circumstances): string {
  const app = { get: () => () => isTrusted };
  // Only these are looked at.
  return requestBaseUrl({ headers, socket, app } as unknown as Request, publicUrl);
}

describe('the base of a URL that is handed out', () => {
  it('is what the settings say, whatever the request says', () => {
    const headers = { host: 'a.example', forwarded: 'host=b.example', 'x-forwarded-host': 'c.example' };
    expect(baseUrl(headers, CONNECTION, 'https://files.example/stages')).toBe('https://files.example/stages');
  });

  it.each<[string, Headers, string]>([
    ['the Host header', { host: 'stages.example' }, 'http://stages.example'],
    ['its port', { host: 'stages.example:8000' }, 'http://stages.example:8000'],
    ['no port that goes without saying', { host: 'Stages.Example:80' }, 'http://stages.example'],
    ['an IPv4 address', { host: '10.1.2.3:8000' }, 'http://10.1.2.3:8000'],
    ['an IPv6 address', { host: '[2001:db8::1]:8000' }, 'http://[2001:db8::1]:8000'],
    ['an IPv6 address without a port', { host: '[::1]' }, 'http://[::1]'],
    ['a name as Compose gives it', { host: 'stage_door:8000' }, 'http://stage_door:8000'],
  ])('has %s', (_what, headers, expected) => {
    expect(baseUrl(headers)).toBe(expected);
  });

  it('is https where the connection itself is encrypted', () => {
    expect(baseUrl({ host: 'a.example:443' }, { ...CONNECTION, encrypted: true })).toBe('https://a.example');
  });

  it.each<[string, Headers, string]>([
    [
      'X-Forwarded-Proto beside the Host that was passed on',
      { 'x-forwarded-proto': 'https' },
      'https://own:8000',
    ],
    ['X-Forwarded-Proto in any case', { 'x-forwarded-proto': 'HTTPS' }, 'https://own:8000'],
    ['no other protocol', { 'x-forwarded-proto': 'gopher' }, 'http://own:8000'],
    ['X-Forwarded-Host', { 'x-forwarded-host': 'a.example' }, 'http://a.example'],
    ['X-Forwarded-Host with a port', { 'x-forwarded-host': 'a.example:8443' }, 'http://a.example:8443'],
    [
      'the first of several',
      { 'x-forwarded-host': 'a.example, b.example', 'x-forwarded-proto': 'https,http' },
      'https://a.example',
    ],
    [
      'X-Forwarded-Port',
      { 'x-forwarded-host': 'a.example', 'x-forwarded-port': '8443' },
      'http://a.example:8443',
    ],
    [
      'X-Forwarded-Port behind an IPv6 address',
      { 'x-forwarded-host': '[::1]', 'x-forwarded-port': '81' },
      'http://[::1]:81',
    ],
    [
      'X-Forwarded-Port beside a Host without its port',
      { host: 'own', 'x-forwarded-port': '8443' },
      'http://own:8443',
    ],
    [
      'a port of X-Forwarded-Host before X-Forwarded-Port',
      { 'x-forwarded-host': 'a.example:1', 'x-forwarded-port': '2' },
      'http://a.example:1',
    ],
    [
      'no port of plain http with https',
      { 'x-forwarded-host': 'a.example', 'x-forwarded-port': '80', 'x-forwarded-proto': 'https' },
      'https://a.example',
    ],
    ['X-Forwarded-Prefix', { 'x-forwarded-prefix': '/stages/eu/' }, 'http://own:8000/stages/eu'],
    ['no prefix where it is only a slash', { 'x-forwarded-prefix': '/' }, 'http://own:8000'],
    ['no prefix that could be a host', { 'x-forwarded-prefix': '//evil.example' }, 'http://own:8000'],
    ['Forwarded', { forwarded: 'for=192.0.2.1;proto=https;host=a.example' }, 'https://a.example'],
    [
      'Forwarded with quotes and in any case',
      { forwarded: 'Proto="https" ; HOST="[2001:db8::1]:8443"' },
      'https://[2001:db8::1]:8443',
    ],
    [
      'the first of several in Forwarded',
      { forwarded: 'host=a.example, for=x;host=b.example;proto=https' },
      'https://a.example',
    ],
    [
      'nothing out of another value of Forwarded',
      { forwarded: 'for="x;host=evil.example";by=y' },
      'http://own:8000',
    ],
    ['nothing out of a longer name in Forwarded', { forwarded: 'xhost=evil.example' }, 'http://own:8000'],
    [
      'Forwarded before X-Forwarded-*',
      { forwarded: 'host=a.example', 'x-forwarded-host': 'b.example', 'x-forwarded-proto': 'https' },
      'https://a.example',
    ],
  ])('takes from a proxy %s', (_what, headers, expected) => {
    expect(baseUrl({ host: 'own:8000', ...headers })).toBe(expected);
  });

  it('has nothing that somebody else than a trusted proxy has forwarded', () => {
    const headers = {
      host: 'own:8000',
      forwarded: 'host=a.example;proto=https',
      'x-forwarded-host': 'b.example',
      'x-forwarded-proto': 'https',
      'x-forwarded-port': '81',
      'x-forwarded-prefix': '/eu',
    };
    const circumstances = { socket: CONNECTION, publicUrl: null, isTrusted: false };
    expect(baseUrlOf(headers, circumstances)).toBe('http://own:8000');
  });

  it.each([
    '',
    'a b',
    'user@evil.example',
    'evil.example/path',
    'evil.example?',
    '::1',
    '[::1',
    '[:::1]',
    'a:port',
    'a:70000',
    'é.example',
    '..',
  ])('is not made of the host %j: the next word counts', (host) => {
    expect(baseUrl({ forwarded: `host="${host}"`, host: 'own:8000' })).toBe('http://own:8000');
    expect(baseUrl({ 'x-forwarded-host': host, host: 'own:8000' })).toBe('http://own:8000');
    expect(baseUrl({ host })).toBe('http://127.0.0.1:8000');
  });

  it.each<[Connection, string]>([
    [CONNECTION, 'http://127.0.0.1:8000'],
    [{ localAddress: '::ffff:10.0.0.1', localPort: 80 }, 'http://10.0.0.1'],
    [{ localAddress: '::1', localPort: 8000 }, 'http://[::1]:8000'],
    [{ localAddress: 'fe80::1%eth0', localPort: 8000, encrypted: true }, 'https://[fe80::1]:8000'],
    [{}, 'http://localhost'],
  ])('is where the request arrived when it names no host: %j', (socket, expected) => {
    expect(baseUrl({}, socket)).toBe(expected);
  });
});
