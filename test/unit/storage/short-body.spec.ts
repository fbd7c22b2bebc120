import { buffer } from 'node:stream/consumers';
import { ShortBody } from '../../../src/storage/contract/short-body.js';

it('a short body is a stream of its bytes', async () => {
  expect((await buffer(new ShortBody(Buffer.from('abc')))).toString()).toBe('abc');
  expect(await buffer(new ShortBody(Buffer.alloc(0)))).toHaveLength(0);
});

it('a short body gives its memory up once', () => {
  const released: Buffer[] = [];
  const body = new ShortBody(Buffer.from('abc'), (bytes) => released.push(bytes));
  body.release();
  body.release();
  expect(released).toEqual([body.bytes]);
});
