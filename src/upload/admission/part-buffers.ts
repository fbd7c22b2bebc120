import type { PartBuffer, ReserveOptions } from '../../storage/contract/buffer-lease.js';
import { PartBufferPool } from './part-buffer-pool.js';

const CHECK_INTERVAL_MS = 1_000;
/** Buffers that receive fewer bytes between two checks are recalled if others wait. */
const SLOW_BYTES = 512 * 1024;
/** Time without any progress after which one buffer is granted beyond the limit. */
const STANDSTILL_MS = 5_000;

/** A user of part buffers. It requests one at a time, the next after the last is complete. */
export interface PartBufferHolder {
  /** Bytes that it holds outside its part buffers. */
  readonly heldBytes: number;
  /** All bytes received so far. */
  readonly receivedBytes: number;
}

interface Waiting {
  readonly holder: PartBufferHolder;
  readonly bytes: number;
  readonly onRecall: () => void;
  readonly grant: (buffer: PartBuffer) => void;
}

interface GrantedBuffer extends PartBuffer {
  readonly holder: PartBufferHolder;
  readonly exceedsLimit: boolean;
  readonly onRecall: () => void;
  isComplete: boolean;
  /** Bytes that its holder had received at the last check; undefined before the first. */
  receivedBytes: number | undefined;
}

/**
 * Grants part buffers to all uploads, in order of request, and only if the budget has room. Recalls a buffer that
 * hardly fills while others wait.
 */
export class PartBuffers {
  readonly #pool: PartBufferPool;
  readonly #maxBytes: () => number;
  readonly #onChange: () => void;
  readonly #out = new Set<GrantedBuffer>();
  readonly #waiting: Waiting[] = [];
  readonly #waitingHolders = new Set<PartBufferHolder>();
  readonly #fillingHolders = new Set<PartBufferHolder>();
  #outBytes = 0;
  #changedAt = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param maxBytes returns the current limit for buffers in use. */
  constructor(maxBytes: () => number, onChange: () => void, pool = new PartBufferPool()) {
    this.#maxBytes = maxBytes;
    this.#onChange = onChange;
    this.#pool = pool;
  }

  /** Bytes of the buffers in use. */
  get outBytes(): number {
    return this.#outBytes;
  }

  /** Bytes of the buffers that wait for reuse. */
  get idleBytes(): number {
    return this.#pool.idleBytes;
  }

  isWaiting(holder: PartBufferHolder): boolean {
    return this.#waitingHolders.has(holder);
  }

  /** Whether the holder's bytes currently go into a part buffer. */
  isFilling(holder: PartBufferHolder): boolean {
    return this.#fillingHolders.has(holder);
  }

  freeIdle(): void {
    this.#pool.freeAll();
  }

  /** Waits for a part buffer. Rejects with the signal's reason. */
  async reserve(
    holder: PartBufferHolder,
    bytes: number,
    { signal, onRecall }: ReserveOptions,
  ): Promise<PartBuffer> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#remove(waiting);
        reject(signal.reason as Error); // from an AbortSignal, or an error of this service
        this.serve();
      };
      const waiting: Waiting = {
        holder,
        bytes,
        onRecall,
        grant: (buffer) => {
          signal.removeEventListener('abort', onAbort);
          resolve(buffer);
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(waiting);
      this.#waitingHolders.add(holder);
      this.serve();
    });
  }

  /** Grants buffers as far as there is room. */
  serve(): void {
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      this.#remove(next);
      next.grant(this.#grant(next));
    }
    if (this.#waiting.length > 0) this.#timer ??= this.#startTimer();
  }

  #remove(waiting: Waiting): void {
    this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
    this.#waitingHolders.delete(waiting.holder);
  }

  #next(): Waiting | undefined {
    const [first] = this.#waiting;
    if (first === undefined || this.#outBytes + first.bytes <= this.#maxBytes()) return first;
    // Received bytes outside part buffers take all room: the holder of most of them can release most.
    if (this.#outBytes === 0) return this.#fullest();
    const isStuck = performance.now() - this.#changedAt >= STANDSTILL_MS;
    const isLimitExceeded = [...this.#out].some(({ exceedsLimit }) => exceedsLimit);
    return isStuck && !isLimitExceeded ? first : undefined;
  }

  #fullest(): Waiting | undefined {
    return this.#waiting.reduce((fullest, each) =>
      each.holder.heldBytes > fullest.holder.heldBytes ? each : fullest,
    );
  }

  #grant({ holder, bytes, onRecall }: Waiting): PartBuffer {
    const exceedsLimit = this.#outBytes + bytes > this.#maxBytes();
    const buffer = this.#pool.acquire(bytes);
    // Idle buffers of another size would exceed the limit.
    if (this.#outBytes + bytes + this.#pool.idleBytes > this.#maxBytes()) this.#pool.freeAll();
    const granted: GrantedBuffer = {
      bytes: buffer,
      holder,
      exceedsLimit,
      onRecall,
      isComplete: false,
      receivedBytes: undefined,
      complete: () => {
        granted.isComplete = true;
        this.#fillingHolders.delete(holder);
      },
      release: () => {
        if (!this.#out.delete(granted)) return;
        if (!granted.isComplete) this.#fillingHolders.delete(holder);
        this.#pool.release(buffer);
        this.#changed(-bytes);
      },
    };
    this.#out.add(granted);
    this.#fillingHolders.add(holder);
    this.#changed(bytes);
    return granted;
  }

  #changed(bytes: number): void {
    this.#outBytes += bytes;
    this.#changedAt = performance.now();
    if (bytes < 0) this.serve();
    this.#onChange();
  }

  #startTimer(): NodeJS.Timeout {
    const timer = setInterval(() => {
      this.#recallSlow();
      this.serve();
      if (this.#waiting.length > 0) return;
      clearInterval(timer);
      this.#timer = undefined;
    }, CHECK_INTERVAL_MS);
    return timer.unref();
  }

  /** Recalls at most as many buffers as others wait for. */
  #recallSlow(): void {
    let remaining = this.#waiting.length;
    for (const buffer of [...this.#out]) {
      const { holder, receivedBytes, isComplete } = buffer;
      buffer.receivedBytes = holder.receivedBytes;
      if (isComplete || remaining === 0 || receivedBytes === undefined) continue;
      if (holder.receivedBytes - receivedBytes >= SLOW_BYTES) continue;
      remaining--;
      buffer.onRecall();
    }
  }
}
