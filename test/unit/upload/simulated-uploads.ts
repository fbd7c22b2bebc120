import { UploadMemory, type MemoryShare } from '../../../src/upload/admission/upload-memory.js';

const KIB = 1024;
const MIB = 1024 * KIB;

/** What a store does with what has come: how much it needs, and how long it then has it. */
export interface SimulatedStore {
  /** Of the pieces in which it takes a body; the first is the length up to which a body is taken at once. */
  readonly pieces: readonly [first: number, next: number];
  /** Does it look whether the body has ended before it sends its first piece? Then it needs a byte more. */
  readonly looksAhead: boolean;
  /** Steps of the simulation between a full piece and its release. */
  readonly stepsAPiece: number;
}

export const DISK: SimulatedStore = { pieces: [0, 512 * KIB], looksAhead: false, stepsAPiece: 1 };
export const S3: SimulatedStore = { pieces: [256 * KIB, 8 * MIB], looksAhead: true, stepsAPiece: 4 };

export interface SimulatedUpload {
  readonly bytes: number;
  readonly store: SimulatedStore;
  readonly chunkBytes?: number;
  /** Its client sends a chunk every so many steps. */
  readonly stepsAChunk?: number;
}

/** One upload: a client that sends while it is read, and a store that takes whole pieces. */
class RunningUpload {
  readonly #share: MemoryShare;
  readonly #of: SimulatedUpload;
  readonly #inFlight: { readonly bytes: number; readonly until: number }[] = [];
  #isReading = true;
  #left: number;
  #filled = 0;
  #isLong = false;
  #hasSent = false;
  isOver = false;

  constructor(memory: UploadMemory, of: SimulatedUpload) {
    this.#share = memory.open();
    this.#of = of;
    this.#left = of.bytes;
    this.#share.startReading(() => {
      this.#isReading = true;
    });
    const [first, next] = of.store.pieces;
    this.#isLong = first === 0;
    this.#share.willHold(first === 0 ? next : first + 1);
  }

  /** @returns whether anything has moved. */
  step(now: number): boolean {
    if (this.isOver) return false;
    const hasSent = this.#isReading && this.#left > 0 && now % (this.#of.stepsAChunk ?? 1) === 0;
    if (hasSent) this.#receive(now);
    const done = this.#inFlight.filter(({ until }) => until <= now);
    for (const piece of done) {
      this.#inFlight.splice(this.#inFlight.indexOf(piece), 1);
      this.#share.release(piece.bytes);
    }
    if (this.#left === 0 && this.#filled === 0 && this.#inFlight.length === 0) {
      this.isOver = true;
      this.#share.close();
    }
    return hasSent || done.length > 0 || this.#inFlight.length > 0 || this.isOver;
  }

  #receive(now: number): void {
    const bytes = Math.min(this.#left, this.#of.chunkBytes ?? 64 * KIB);
    this.#left -= bytes;
    if (!this.#share.take(bytes)) this.#isReading = false;
    if (this.#left === 0) this.#share.end();
    this.#store(bytes, now);
  }

  #store(bytes: number, now: number): void {
    const { pieces, looksAhead, stepsAPiece } = this.#of.store;
    const [first, next] = pieces;
    this.#filled += bytes;
    if (!this.#isLong && this.#filled > first) {
      this.#isLong = true;
      this.#share.willHold(looksAhead ? next + 1 : next);
    }
    const isFull = (): boolean => {
      const mustSeeMore = looksAhead && !this.#hasSent;
      return this.#isLong && (mustSeeMore ? this.#filled > next : this.#filled >= next);
    };
    while (isFull()) {
      this.#hasSent = true;
      this.#inFlight.push({ bytes: next, until: now + stepsAPiece });
      this.#filled -= next;
      this.#share.willHold(looksAhead ? next + 1 : next);
    }
    if (this.#left > 0 || this.#filled === 0) return;
    this.#inFlight.push({ bytes: this.#filled, until: now + stepsAPiece });
    this.#filled = 0;
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
 * @param passSecond lets the memory's clock go on, where everybody waits.
 */
export function simulate(
  maxBytes: number,
  uploads: readonly SimulatedUpload[],
  passSecond: () => void,
): Simulation {
  const memory = new UploadMemory(maxBytes);
  const running = uploads.map((upload) => new RunningUpload(memory, upload));
  let mostHeldBytes = 0;
  let idleSeconds = 0;
  let step = 0;
  for (; running.some(({ isOver }) => !isOver) && idleSeconds < 10; step++) {
    const hasMoved = running.map((upload) => upload.step(step)).includes(true);
    mostHeldBytes = Math.max(mostHeldBytes, memory.heldBytes);
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
    heldBytes: memory.heldBytes,
  };
}
