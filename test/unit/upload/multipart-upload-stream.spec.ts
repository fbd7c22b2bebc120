import { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { BufferBudget } from '../../../src/upload/admission/buffer-budget.js';
import { MultipartUploadStream } from '../../../src/upload/form/multipart-upload-stream.js';
import { requestWith } from '../request.js';

const IDLE_MS = 100;
const HEADERS = 'Content-Disposition: form-data; name="f"; filename="f"';

/** What a parser does with a part, whose headers and content it gets at once. */
type Reading = (content: string, parser: FaultyParser) => void;

/** A parser that is told what to do wrong. */
class FaultyParser extends Writable {
  readonly #reading: Reading;
  readonly #isStuck: boolean;
  #file: Readable | undefined;

  constructor(reading: Reading, { isStuck = false } = {}) {
    super();
    this.#reading = reading;
    this.#isStuck = isStuck;
  }

  begin(): void {
    this.#file = new Readable({ read: () => undefined });
    this.emit('file', 'f', this.#file, { filename: 'f' });
  }

  give(bytes: string): void {
    if (bytes !== '') this.#file?.push(bytes);
  }

  endFile(): void {
    this.#file?.push(null);
  }

  override _write(chunk: Buffer, _encoding: string, callback: () => void): void {
    const [, content] = /\r\n\r\n(.*)\r\n--b$/s.exec(chunk.toString()) ?? [];
    if (content !== undefined) this.#reading(content, this);
    if (!this.#isStuck) callback();
  }
}

function formOf(...contents: readonly string[]): string {
  return `${contents.map((content) => `--b\r\n${HEADERS}\r\n\r\n${content}\r\n`).join('')}--b--\r\n`;
}

/** @returns what the files held that were stored whole. */
async function received(form: string, parser: FaultyParser): Promise<string[]> {
  const request = requestWith([]);
  const stored: string[] = [];
  const stream = new MultipartUploadStream(request, {
    boundary: 'b',
    escapesNames: false,
    maxFileBytes: 1e9,
    idleTimeoutMs: IDLE_MS,
    minBytesPerSecond: 0,
    rateWindowMs: 60_000,
    memory: new BufferBudget(1e9).open(),
    signal: new AbortController().signal,
    consume: async ({ body }) => {
      stored.push(await text(body));
    },
  });
  stream.feed(parser);
  parser.on('file', (_field: string, file: Readable) => void stream.accept(file).catch(() => undefined));
  request.push(form);
  request.push(null);
  await stream.completed();
  return stored;
}

const honest: Reading = (content, parser) => {
  parser.begin();
  parser.give(content);
  parser.endFile();
};

function giving(change: (content: string) => string): Reading {
  return (content, parser) => {
    parser.begin();
    parser.give(change(content));
  };
}

describe('a form whose parser', () => {
  it('does what it should is received', async () => {
    const parser = new FaultyParser(honest);
    expect(await received(formOf('one', '', 'three'), parser)).toEqual(['one', '', 'three']);
  });

  it('never ends a file is received: the scanner has seen where it ends', async () => {
    const parser = new FaultyParser(giving((content) => content));
    expect(await received(formOf('one', 'two'), parser)).toEqual(['one', 'two']);
  });

  it.each([1, 2])('skips part %d of two is refused', async (skipped) => {
    let part = 0;
    const parser = new FaultyParser((content, self) => {
      if (++part !== skipped) honest(content, self);
    });
    await expect(received(formOf('one', 'two'), parser)).rejects.toMatchObject({
      kind: 'BrokenForm',
      message: expect.stringMatching(/no file/) as string,
    });
  });

  it.each<[what: string, change: (content: string) => string]>([
    ['keeps the content of a file', () => ''],
    ['keeps a byte of a file', (content) => content.slice(1)],
    ['gives a byte too many', (content) => `${content}\r`],
  ])('%s is refused', async (_what, change) => {
    const parser = new FaultyParser(giving(change));
    await expect(received(formOf('one', 'two'), parser)).rejects.toMatchObject({
      kind: 'BrokenForm',
      message: expect.stringMatching(/does not end/) as string,
    });
  });

  it.each<[what: string, reading: Reading]>([
    ['before it gives a part out', () => undefined],
    ['before it gives the content of a part out', giving(() => '')],
    ['before it calls back', honest],
  ])('is stuck %s is refused when the idle time is over', async (_what, reading) => {
    const start = performance.now();
    const parser = new FaultyParser(reading, { isStuck: true });
    await expect(received(formOf('one'), parser)).rejects.toMatchObject({
      kind: 'BrokenForm',
      message: expect.stringMatching(/does not end/) as string,
    });
    expect(performance.now() - start).toBeGreaterThan(IDLE_MS - 10);
  });
});
