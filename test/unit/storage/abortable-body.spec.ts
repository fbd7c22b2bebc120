import { once } from 'node:events';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { destroyOnAbort } from '../../../src/storage/contract/abortable-body.js';

function hanging(): Readable {
  return new Readable({ read: () => undefined });
}

async function failureOf(body: Readable): Promise<unknown> {
  const [error] = (await once(body, 'close').then(
    () => [body.errored],
    (reason: unknown) => [reason],
  )) as [unknown];
  return error;
}

describe('a body that a reader has got', () => {
  it('ends in Aborted when the signal fires', async () => {
    const leaving = new AbortController();
    const body = hanging();
    destroyOnAbort(body, leaving.signal);
    const failure = failureOf(body);
    leaving.abort();
    expect(await failure).toMatchObject({ kind: 'Aborted' });
  });

  it('ends in Aborted where the signal had fired before', async () => {
    const body = hanging();
    destroyOnAbort(body, AbortSignal.abort());
    setTimeout(() => body.destroy(), 500).unref();
    expect(await failureOf(body)).toMatchObject({ kind: 'Aborted' });
  });

  it('comes whole without a signal, and is left alone by one that fires after its end', async () => {
    const leaving = new AbortController();
    const body = Readable.from([Buffer.from('whole')], { objectMode: false });
    destroyOnAbort(body, leaving.signal);
    expect((await buffer(body)).toString()).toBe('whole');
    leaving.abort();
    expect(body.errored).toBeNull();
    const other = Readable.from([Buffer.from('whole')], { objectMode: false });
    destroyOnAbort(other, undefined);
    expect((await buffer(other)).toString()).toBe('whole');
  });
});
