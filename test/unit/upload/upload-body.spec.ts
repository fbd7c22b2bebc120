import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { UploadBody } from '../../../src/upload/body/upload-body.js';

const source = (): Readable => Readable.from([Buffer.from('ab'), Buffer.from('cd')], { objectMode: false });

describe("a file's body on its way out of a form", () => {
  it('gives every byte at once, and ends only when it is released', async () => {
    const body = new UploadBody(4);
    body.addFrom(source());
    const reading = text(body);
    let hasEnded = false;
    void reading.then(() => (hasEnded = true));
    await delay(20);
    expect(hasEnded).toBe(false);
    body.release();
    expect(await reading).toBe('abcd');
  });

  it('ends by itself where it was released before', async () => {
    const body = new UploadBody(4);
    body.release();
    body.addFrom(source());
    expect(await text(body)).toBe('abcd');
  });

  it('ends as a failure where it is destroyed instead of released', async () => {
    const body = new UploadBody(4);
    body.addFrom(source());
    const reading = text(body);
    await delay(20);
    body.destroy(new Error('the form was cut'));
    await expect(reading).rejects.toThrow('the form was cut');
  });

  it('fails with its size where it has more than it may', async () => {
    const body = new UploadBody(3);
    body.release();
    body.addFrom(source());
    await expect(text(body)).rejects.toThrow('at most 3 bytes');
    expect(body.tooLarge).toMatchObject({ kind: 'FileTooLarge' });
  });
});
