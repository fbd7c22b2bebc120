import { basicCredentials, type BasicCredentials } from '../../../src/auth/basic-credentials.js';
import { requestWith } from '../request.js';
import { ofKind } from '../of-kind.js';

function read(...headers: readonly string[]): BasicCredentials {
  return basicCredentials(requestWith(headers.map((header) => ['Authorization', header])));
}

const encoded = (bytes: string | Buffer): string => Buffer.from(bytes).toString('base64');

it.each([
  ['root:', 'root', ''],
  ['root:secret', 'root', 'secret'],
  ['root:a:b:c', 'root', 'a:b:c'],
  ['root::', 'root', ':'],
  ['jürgen:pässwörd 日本 🎭', 'jürgen', 'pässwörd 日本 🎭'],
  [':', '', ''],
  ['root: spaces ', 'root', ' spaces '],
  ['root:\ufeffbom', 'root', '\ufeffbom'],
  ['\ufeffroot:a', '\ufeffroot', 'a'],
])('%j are a name and a password', (text, name, password) => {
  expect(read(`Basic ${encoded(text)}`)).toEqual({ name, password });
});

it.each([
  `basic ${encoded('root:a')}`,
  `BASIC   ${encoded('root:a')}`,
  `Basic ${encoded('root:a')}  `,
  `Basic ${encoded('root:a').replace(/=+$/, '')}`,
  `Basic ${Buffer.from('root:a').toString('base64url')}`,
])('%j is read all the same', (header) => {
  expect(read(header)).toEqual({ name: 'root', password: 'a' });
});

it.each<[string, string[], string]>([
  ['no header', [], 'NoCredentials'],
  ['two headers', [`Basic ${encoded('root:a')}`, `Basic ${encoded('root:b')}`], 'MalformedCredentials'],
  ['nothing after the scheme', ['Basic'], 'MalformedCredentials'],
  ['spaces after the scheme', ['Basic  '], 'MalformedCredentials'],
  ['no base64', ['Basic ***'], 'MalformedCredentials'],
  ['two words', [`Basic ${encoded('root:')} x`], 'MalformedCredentials'],
  ['no colon', [`Basic ${encoded('root')}`], 'MalformedCredentials'],
  ['no UTF-8', [`Basic ${encoded(Buffer.from('root:\xff', 'latin1'))}`], 'MalformedCredentials'],
  ['another scheme', ['Bearer abc'], 'UnsupportedScheme'],
  ['a scheme that begins like it', [`BasicX ${encoded('root:')}`], 'UnsupportedScheme'],
  ['an empty header', [''], 'UnsupportedScheme'],
])('%s is refused', (_what, headers, kind) => {
  expect(() => read(...headers)).toThrow(ofKind(kind));
});
