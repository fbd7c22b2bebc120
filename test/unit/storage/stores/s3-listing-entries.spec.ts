import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EndpointRules } from '../../../../src/storage/endpoints/endpoint-rules.js';
import { openS3 } from '../../../../src/storage/providers/s3/client/s3-opening.js';
import { s3Timing } from '../../../../src/storage/providers/s3/client/s3-timing.js';
import { extractEntries } from '../../../../src/storage/providers/s3/read/s3-listing-entries.js';
import { ofKind } from '../../of-kind.js';

const entry = (
  key: string,
  { size = '3', time = '2026-11-25T10:20:30.123Z', etag = '&quot;a&quot;' } = {},
): string =>
  `<Contents><Key>${key}</Key><LastModified>${time}</LastModified><ETag>${etag}</ETag><Size>${size}</Size>` +
  '<Owner><ID>1</ID><DisplayName>x</DisplayName></Owner><StorageClass>STANDARD</StorageClass></Contents>';
const listing = (entries: string, rest = '<IsTruncated>false</IsTruncated>'): string =>
  '<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
  `<Name>b</Name><EncodingType>url</EncodingType>${entries}${rest}</ListBucketResult>`;

describe('the entries of a listing', () => {
  it('are read, and the rest of the document is left', () => {
    const found = extractEntries(listing(entry('a') + entry('b%2Fc', { size: '0' })));
    expect(found?.entries).toEqual([
      { Key: 'a', LastModified: new Date('2026-11-25T10:20:30.123Z'), ETag: '"a"', Size: 3 },
      { Key: 'b%2Fc', LastModified: new Date('2026-11-25T10:20:30.123Z'), ETag: '"a"', Size: 0 },
    ]);
    expect(found?.rest).toBe(listing(''));
  });

  it.each([
    ['&quot;&apos;&amp;&lt;&gt;', `"'&<>`],
    ['&#34;x&#x22;&#x1F600;', '"x"😀'],
    ['a;b', 'a;b'],
  ])('may hold references: %s', (etag, expected) => {
    expect(extractEntries(listing(entry('a', { etag })))?.entries[0]?.ETag).toBe(expected);
  });

  it.each([
    ['no entry', listing('')],
    ['no listing', '<html><body>Contents</body></html>'],
    ['a CDATA section', listing(entry('<![CDATA[a]]>'))],
    ['a comment', listing(`${entry('a')}<!-- </Contents> -->${entry('b')}`)],
    ['something between its entries', listing(`${entry('a')}<CommonPrefixes/>${entry('b')}`)],
    ['white space between its entries', listing(`${entry('a')}\n${entry('b')}`)],
    ['attributes', listing(entry('a').replace('<Key>', '<Key xml:space="preserve">'))],
    ['a nested element', listing(entry('<b>a</b>'))],
    ['an unknown reference', listing(entry('a', { etag: '&copy;' }))],
    ['an open reference', listing(entry('a', { etag: 'a&b' }))],
    ['a reference to no character', listing(entry('a', { etag: '&#x110000;' }))],
    ['no time', listing(entry('a', { time: 'yesterday' }))],
    ['no size', listing(entry('a', { size: '-1' }))],
    ['no key', listing(entry('a').replace('<Key>a</Key>', ''))],
    ['no end', listing(entry('a') + entry('b')).slice(0, -40)],
    ['an entry that is cut', listing(entry('a').slice(0, -30) + entry('b'))],
  ])('are left to a parser of all XML where there is %s', (_what, xml) => {
    expect(extractEntries(xml)).toBeUndefined();
  });
});

/** Lists a store that answers so. */
async function namesFrom(answer: string, status = 200): Promise<readonly string[]> {
  const server = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/xml' }).end(answer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a listening TCP server has one
  const endpoint = `http://127.0.0.1:${String(port)}`;
  const settings = {
    bucket: 'b',
    endpoint,
    presignEndpoint: endpoint,
    region: 'us-east-1',
    virtualHostStyle: false,
    credentials: { accessKeyId: 'a', secretAccessKey: 's' },
  };
  const provider = openS3(settings, { timing: s3Timing(30_000), endpoints: new EndpointRules() });
  try {
    const names: string[] = [];
    for await (const batch of provider.list()) names.push(...batch.map(({ key }) => key));
    return names;
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

describe('a listing of a store', () => {
  it.each([
    ['as most stores write it', listing(entry('a+b') + entry('c%2Fd'))],
    ['in lines', listing(`\n${entry('a+b')}\n${entry('c%2Fd')}\n`)],
    ['with CDATA', listing(entry('<![CDATA[a+b]]>') + entry('c%2Fd'))],
  ])('is the same %s', async (_how, xml) => {
    expect(await namesFrom(xml)).toEqual(['a b', 'c/d']);
  });

  it('may be empty', async () => {
    expect(await namesFrom(listing(''))).toEqual([]);
  });

  it('that is refused is an error', async () => {
    const refusal = '<Error><Code>AccessDenied</Code><Message>no</Message></Error>';
    await expect(namesFrom(refusal, 403)).rejects.toThrow(ofKind('PermissionDenied'));
  });
});
