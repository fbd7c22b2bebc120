import { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { pipeBody } from '../../../src/storage/providers/fs/write/pipe-body.js';

class Collector extends Writable {
  readonly chunks: string[] = [];
  isClosing = false;

  constructor(readonly failAt?: string) {
    super({ highWaterMark: 1 });
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error) => void): void {
    const text = chunk.toString();
    this.chunks.push(text);
    if (text === this.failAt) callback(new Error('the disk is full'));
    else setImmediate(callback);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.isClosing = true;
    setTimeout(() => {
      this.isClosing = false;
      callback(error);
    }, 10);
  }
}

const bodyOf = (...texts: string[]): Readable => Readable.from(texts.map((text) => Buffer.from(text)));

describe('a body that is poured into a sink', () => {
  it('is there whole when the sink has closed', async () => {
    const sink = new Collector();
    await pipeBody(bodyOf('a', 'b', 'c'), sink);
    expect(sink.chunks).toEqual(['a', 'b', 'c']);
    expect(sink.writableFinished).toBe(true);
    expect(sink.isClosing).toBe(false);
  });

  it('fails with the sink, and the sink has closed by then', async () => {
    const body = bodyOf('a', 'b', 'c');
    const sink = new Collector('b');
    await expect(pipeBody(body, sink)).rejects.toThrow('the disk is full');
    expect(sink.isClosing).toBe(false);
    expect(body.destroyed).toBe(true);
  });

  it('takes the sink with it when it fails, or is closed in its middle', async () => {
    for (const error of [new Error('the client left'), undefined]) {
      const body = new Readable({ read: () => undefined });
      const sink = new Collector();
      const poured = pipeBody(body, sink);
      body.push('a');
      await delay(5);
      body.destroy(error);
      await expect(poured).rejects.toThrow(error?.message ?? 'closed before its end');
      expect(sink.writableFinished).toBe(false);
    }
  });

  it('has failed where it had failed before', async () => {
    const body = new Readable({ read: () => undefined });
    body.on('error', () => undefined);
    body.destroy(new Error('too early'));
    await delay(5);
    await expect(pipeBody(body, new Collector())).rejects.toThrow('too early');
  });

  it.each(['before it begins', 'in its middle'])('ends with the signal, %s', async (when) => {
    const abort = new AbortController();
    const reason = new Error('the form was cut');
    if (when === 'before it begins') abort.abort(reason);
    const body = new Readable({ read: () => undefined });
    const sink = new Collector();
    const poured = pipeBody(body, sink, abort.signal);
    body.push('a');
    if (when === 'in its middle') {
      await delay(5);
      abort.abort(reason);
    }
    await expect(poured).rejects.toMatchObject({ cause: reason });
    expect([body.destroyed, sink.destroyed]).toEqual([true, true]);
    expect(sink.writableFinished).toBe(false);
  });
});
