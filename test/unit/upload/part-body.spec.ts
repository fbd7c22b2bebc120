import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { PartBody } from '../../../src/upload/form/part-body.js';

/** Of four bytes, which the parser has given out and not ended. */
function started(maxBytes = 4): PartBody {
  const source = new Readable({ read: () => undefined });
  for (const bytes of ['ab', 'cd']) source.push(bytes);
  const body = new PartBody(source, maxBytes);
  expect(body.endAfter(4)).toBe(true);
  body.start();
  return body;
}

describe('the content of a form part', () => {
  it('gives every byte at once, and ends only when it is released', async () => {
    const body = started();
    const reading = text(body);
    let hasEnded = false;
    void reading.then(() => (hasEnded = true));
    await delay(20);
    expect(hasEnded).toBe(false);
    body.release();
    expect(await reading).toBe('abcd');
  });

  it('ends by itself where it was released before', async () => {
    const body = started();
    body.release();
    expect(await text(body)).toBe('abcd');
  });

  it('ends as a failure where it is destroyed instead of released', async () => {
    const body = started();
    const reading = text(body);
    await delay(20);
    body.destroy(new Error('the form was cut'));
    await expect(reading).rejects.toThrow('the form was cut');
  });

  it('fails with its size where it has more than it may', async () => {
    const body = started(3);
    body.release();
    await expect(text(body)).rejects.toThrow('at most 3 bytes');
    expect(body.tooLarge).toMatchObject({ kind: 'FileTooLarge' });
  });

  it.each([3, 5])('is another one than its delimiter tells where %d bytes were expected', (bytes) => {
    const source = new Readable({ read: () => undefined });
    source.push('abcd');
    expect(new PartBody(source, 10).endAfter(bytes)).toBe(false);
  });

  it('counts what was read and what waits to be read', async () => {
    const source = new Readable({ read: () => undefined });
    source.push('ab');
    const body = new PartBody(source, 10);
    body.start();
    await delay(5);
    source.pause();
    source.push('cd');
    expect([body.endAfter(3), body.endAfter(4)]).toEqual([false, true]);
    source.resume();
    body.release();
    expect(await text(body)).toBe('abcd');
  });

  it('may be empty', async () => {
    const body = new PartBody(new Readable({ read: () => undefined }), 10);
    expect(body.endAfter(0)).toBe(true);
    body.release();
    expect(await text(body)).toBe('');
  });

  it('fails where the parser gives it up', async () => {
    const source = new Readable({ read: () => undefined });
    const body = new PartBody(source, 10);
    body.start();
    source.destroy();
    await expect(text(body)).rejects.toThrow('The file was cut.');
  });
});
