import type { PartBuffer } from '../../../src/storage/contract/buffer-lease.js';
import { BufferBudget } from '../../../src/upload/admission/buffer-budget.js';
import type { UploadBuffers } from '../../../src/upload/admission/upload-buffers.js';

const KIB = 1024;
const MIB = 1024 * KIB;

/** What a store does with what has come: how much it needs, and how long it then has it. */
export interface SimulatedStore {
  /** It copies into part buffers of so many bytes what is longer than `shortBytes`; otherwise it writes batches. */
  readonly partBytes?: number;
  readonly shortBytes: number;
  readonly batchBytes: number;
  /** Steps of the simulation between a full piece and its release. */
  readonly stepsAPiece: number;
}

export const DISK: SimulatedStore = { shortBytes: 0, batchBytes: 512 * KIB, stepsAPiece: 1 };
export const S3: SimulatedStore = {
  partBytes: 8 * MIB,
  shortBytes: 256 * KIB,
  batchBytes: 512 * KIB,
  stepsAPiece: 4,
};

export interface SimulatedUpload {
  readonly bytes: number;
  readonly store: SimulatedStore;
  readonly chunkBytes?: number;
  /** Its client sends a chunk every so many steps. */
  readonly stepsAChunk?: number;
}

/** One upload: a client that sends while it is read, and a store that takes whole pieces. */
class RunningUpload {
  readonly #buffers: UploadBuffers;
  readonly #of: SimulatedUpload;
  readonly #inFlight: { readonly release: () => void; readonly until: number }[] = [];
  #isReading = true;
  #left: number;
  /** Received, and in no part buffer. */
  #pending = 0;
  #part: PartBuffer | undefined;
  #filled = 0;
  #isReserving = false;
  isOver = false;

  constructor(budget: BufferBudget, of: SimulatedUpload) {
    this.#buffers = budget.open();
    this.#of = of;
    this.#left = of.bytes;
    this.#buffers.startReading(() => {
      this.#isReading = true;
    });
    const { partBytes, shortBytes, batchBytes } = of.store;
    this.#buffers.needs(partBytes === undefined ? batchBytes : shortBytes + 1);
  }

  /** @returns whether anything has moved. */
  step(now: number): boolean {
    if (this.isOver) return false;
    const hasSent = this.#isReading && this.#left > 0 && now % (this.#of.stepsAChunk ?? 1) === 0;
    if (hasSent) this.#receive();
    const hasStored = this.#of.store.partBytes === undefined ? this.#writeBatch(now) : this.#fillPart(now);
    const done = this.#inFlight.filter(({ until }) => until <= now);
    for (const piece of done) {
      this.#inFlight.splice(this.#inFlight.indexOf(piece), 1);
      piece.release();
    }
    const isEmpty = this.#pending === 0 && this.#part === undefined && this.#inFlight.length === 0;
    if (this.#left === 0 && isEmpty) {
      this.isOver = true;
      this.#buffers.close();
    }
    return hasSent || hasStored || done.length > 0 || this.#inFlight.length > 0 || this.isOver;
  }

  #receive(): void {
    const bytes = Math.min(this.#left, this.#of.chunkBytes ?? 64 * KIB);
    this.#left -= bytes;
    this.#pending += bytes;
    if (!this.#buffers.receive(bytes)) this.#isReading = false;
    if (this.#left === 0) this.#buffers.end();
  }

  #writeBatch(now: number): boolean {
    const { batchBytes } = this.#of.store;
    if (this.#pending === 0 || (this.#left > 0 && this.#pending < batchBytes)) return false;
    this.#send(this.#pending, now);
    return true;
  }

  #fillPart(now: number): boolean {
    const { partBytes = 0, shortBytes } = this.#of.store;
    if (this.#part === undefined) {
      if (this.#of.bytes > shortBytes) return this.#reservePart(partBytes);
      if (this.#left > 0 || this.#pending === 0) return false;
      this.#send(this.#pending, now);
      return true;
    }
    const copied = Math.min(this.#pending, partBytes - this.#filled);
    this.#pending -= copied;
    this.#filled += copied;
    this.#buffers.release(copied);
    const isWhole = this.#filled === partBytes || (this.#left === 0 && this.#pending === 0);
    if (isWhole) this.#sendPart(this.#part, now);
    return copied > 0 || isWhole;
  }

  #reservePart(bytes: number): boolean {
    if (this.#isReserving || this.#pending === 0 || this.#received <= this.#of.store.shortBytes) return false;
    this.#isReserving = true;
    const onRecall = (): void => {
      this.#buffers.retake(this.#filled);
      this.#pending += this.#filled;
      this.#filled = 0;
      this.#part?.release();
      this.#part = undefined;
    };
    void this.#buffers.reserve(bytes, { signal: new AbortController().signal, onRecall }).then((part) => {
      this.#isReserving = false;
      this.#buffers.needs(1);
      this.#part = part;
    });
    return true;
  }

  get #received(): number {
    return this.#of.bytes - this.#left;
  }

  #sendPart(part: PartBuffer, now: number): void {
    part.complete();
    this.#part = undefined;
    this.#filled = 0;
    const release = (): void => {
      part.release();
    };
    this.#inFlight.push({ release, until: now + this.#of.store.stepsAPiece });
  }

  #send(bytes: number, now: number): void {
    this.#pending -= bytes;
    const release = (): void => {
      this.#buffers.release(bytes);
    };
    this.#inFlight.push({ release, until: now + this.#of.store.stepsAPiece });
  }
}

export interface Simulation {
  readonly hasEnded: boolean;
  readonly steps: number;
  readonly mostHeldBytes: number;
  readonly heldBytes: number;
}

/**
 * Runs uploads at once until all have ended, or nothing moves any more.
 *
 * @param passSecond lets the budget's clock go on, where everybody waits.
 */
export async function simulate(
  budget: BufferBudget,
  uploads: readonly SimulatedUpload[],
  passSecond: () => void,
): Promise<Simulation> {
  const running = uploads.map((upload) => new RunningUpload(budget, upload));
  let mostHeldBytes = 0;
  let idleSeconds = 0;
  let step = 0;
  for (; running.some(({ isOver }) => !isOver) && idleSeconds < 10; step++) {
    const hasMoved = running.map((upload) => upload.step(step)).includes(true);
    for (let turn = 0; turn < 4; turn++) await Promise.resolve(); // who was given a part buffer has it
    mostHeldBytes = Math.max(mostHeldBytes, budget.heldBytes);
    const waitsForClients = uploads.some(({ stepsAChunk = 1 }) => step % stepsAChunk !== 0);
    if (!hasMoved && !waitsForClients) {
      idleSeconds++;
      passSecond();
    } else if (hasMoved) idleSeconds = 0;
  }
  return {
    hasEnded: running.every(({ isOver }) => isOver),
    steps: step,
    mostHeldBytes,
    heldBytes: budget.heldBytes,
  };
}
