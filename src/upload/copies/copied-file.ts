import { EventEmitter, once } from 'node:events';
import { Readable } from 'node:stream';
import type { PutResult } from '../../storage/contract/storage-provider.js';
import { contentTypeOf, sourceChunks, verifyContent } from '../../stages/copies/source-file.js';
import type { StageCopies, Transfer } from '../../stages/copies/stage-copies.js';
import type { UploadBuffers } from '../admission/upload-buffers.js';
import { fileTooLarge } from '../body/upload-body.js';
import type { IncomingFile } from '../files/file-upload.js';

export interface CopiedFileOptions {
  readonly memory: UploadBuffers;
  readonly maxFileBytes: number;
  readonly signal: AbortSignal;
}

/** A file that comes from a stage and not from a client. Its bytes are read only if no store can copy it by itself. */
export class CopiedFile implements IncomingFile {
  readonly body: Readable;
  readonly maxBytes: number;
  readonly exactBytes: number;
  readonly isRename: boolean;
  readonly contentType: string | undefined;
  readonly original;
  readonly memory: UploadBuffers;
  readonly signal: AbortSignal;
  readonly declared: IncomingFile['declared'];
  readonly #transfer: Transfer;
  readonly #copies: StageCopies;
  readonly #maxFileBytes: number;
  #isSourceGone = false;

  constructor(copies: StageCopies, transfer: Transfer, { memory, maxFileBytes, signal }: CopiedFileOptions) {
    const { source } = transfer;
    this.#copies = copies;
    this.#transfer = transfer;
    this.#maxFileBytes = maxFileBytes;
    this.body = Readable.from(counted(sourceChunks(source, signal), memory, signal), { objectMode: false });
    this.maxBytes = source.stat.size;
    this.exactBytes = source.stat.size;
    this.isRename = copies.canRename(transfer);
    this.contentType = contentTypeOf(source);
    this.original = source.facts;
    this.memory = memory;
    this.signal = signal;
    this.declared = {
      checksums: {},
      verify: (content) => {
        verifyContent(source, content);
      },
    };
  }

  /** Was it moved at once, so that no source is left to be removed? */
  get isSourceGone(): boolean {
    return this.#isSourceGone;
  }

  readonly place: IncomingFile['place'] = async (options): Promise<PutResult | undefined> => {
    const placed = await this.#copies.place(this.#transfer, options);
    if (placed === undefined && this.maxBytes > this.#maxFileBytes) throw fileTooLarge(this.#maxFileBytes);
    this.#isSourceGone = placed?.isSourceGone === true;
    return placed?.result;
  };

  discard(): Promise<void> {
    this.body.destroy();
    return Promise.resolve();
  }
}

/** Counts bytes as those of an upload from a client: there is one budget for all. */
async function* counted(
  chunks: AsyncIterable<Buffer>,
  memory: UploadBuffers,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const events = new EventEmitter();
  memory.startReading(() => events.emit('room'));
  for await (const chunk of chunks) {
    const room = memory.receive(chunk.length) ? undefined : once(events, 'room', { signal });
    room?.catch(() => undefined); // nobody waits for it where the reader has ended
    yield chunk;
    await room;
  }
  memory.end();
}
