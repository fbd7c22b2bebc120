import { createHash } from 'node:crypto';
import { keyIsTaken } from '../../journal/records/upload-journal.js';
import type { IncomingFile } from './file-upload.js';
import type { RecordedFile } from '../../journal/records/upload-record.js';
import type { FileTarget, FileConsumer } from './file-consumer.js';

/**
 * Compares the files of a repeated upload with those that were stored the first time, because the answer states that
 * exactly these are stored.
 */
export class ReplayVerifier implements FileConsumer {
  readonly #recorded: readonly RecordedFile[];
  #count = 0;

  constructor(recorded: readonly RecordedFile[]) {
    this.#recorded = recorded;
  }

  /** @throws JournalError of kind `IdempotencyKeyReused` for another file. */
  async consume(file: IncomingFile, { key, name }: FileTarget): Promise<void> {
    const recorded = this.#recorded[this.#count++];
    if (recorded?.path !== key || recorded.name !== name) throw keyIsTaken();
    const { md5: declared } = file.declared.checksums;
    if (declared !== undefined && declared === recorded.md5) {
      await file.discard();
      return;
    }
    await assertSameContent(file, recorded);
  }

  /** It stores nothing. */
  recorded(): Promise<void> {
    return Promise.resolve();
  }

  /** @throws JournalError if files are missing. */
  assertComplete(): void {
    if (this.#count !== this.#recorded.length) throw keyIsTaken();
  }
}

async function assertSameContent({ body, memory }: IncomingFile, recorded: RecordedFile): Promise<void> {
  const hash = createHash('md5');
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    hash.update(chunk); // byte stream
    size += chunk.length;
    memory.release(chunk.length);
  }
  const md5 = recorded.md5 === null ? null : hash.digest('hex');
  if (size !== recorded.size || md5 !== recorded.md5) throw keyIsTaken();
}
