/** Memory for the body of one put, out of the budget that all uploads share. */
export interface BufferLease {
  /** Announces that the put must receive this many bytes before it can release any of them. */
  needs(bytes: number): void;
  /**
   * Resolves with a part buffer when the budget has room for it. The buffer is counted from then on; release the bytes that are
   * copied into it. Rejects with the signal's reason.
   */
  reserve(bytes: number, options: ReserveOptions): Promise<PartBuffer>;
  /** Releases bytes of the body that are no longer in memory, or are in a part buffer. */
  release(bytes: number): void;
  /** Counts released bytes again: those of a part buffer that was recalled. */
  retake(bytes: number): void;
}

export interface ReserveOptions {
  readonly signal: AbortSignal;
  /**
   * Called when other uploads wait and the buffer fills slowly: copy its bytes elsewhere and release it at once. Not called after
   * `complete` or `release`.
   */
  readonly onRecall: () => void;
}

/** Memory for one part of an upload, which checksum threads can read as well. */
export interface PartBuffer {
  /** Not zeroed: it may contain bytes of an earlier upload. */
  readonly bytes: Uint8Array<SharedArrayBuffer>;
  /** Declares the buffer full: no more bytes are copied into it. */
  complete(): void;
  /** Returns the buffer. Call it once; nothing may read or write the buffer afterwards. */
  release(): void;
}

/** A lease without a budget, for a put whose memory is not counted. */
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
