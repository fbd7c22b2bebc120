/** What a put may hold of its body in memory, out of what all uploads share. */
export interface BufferLease {
  /** So many bytes have to come before any of those that came last is released. */
  needs(bytes: number): void;
  /**
   * Resolves when there is room for a part buffer of so many bytes: it counts from then on, and what is copied into it is
   * released. Rejects with the signal's reason.
   */
  reserve(bytes: number, options: ReserveOptions): Promise<PartBuffer>;
  /** So many bytes of the body are held no more, or are in a part buffer. */
  release(bytes: number): void;
  /** So many bytes that were released are held again: those of a part buffer that was recalled. */
  retake(bytes: number): void;
}

export interface ReserveOptions {
  readonly signal: AbortSignal;
  /**
   * Others wait, and the buffer hardly fills: it is to be released at once, with what it holds kept elsewhere. Is not called
   * after `complete` or `release`.
   */
  readonly onRecall: () => void;
}

/** Memory for one part of an upload, which checksum threads can read as well. */
export interface PartBuffer {
  /** Holds whatever its last user has left there. */
  readonly bytes: Uint8Array<SharedArrayBuffer>;
  /** No more comes into it. */
  complete(): void;
  /** Gives it back, once; nothing may read or write it afterwards. */
  release(): void;
}

/** For a put that nobody counts. */
export const unboundedLease: BufferLease = {
  needs: () => undefined,
  reserve: (bytes) =>
    Promise.resolve({
      bytes: new Uint8Array(new SharedArrayBuffer(bytes)),
      complete: () => undefined,
      release: () => undefined,
    }),
  release: () => undefined,
  retake: () => undefined,
};
