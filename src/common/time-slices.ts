import { setImmediate } from 'node:timers/promises';

const SLICE_MS = 10;

/** Yields to the event loop between slices of a long computation. */
export class TimeSlices {
  #end = performance.now() + SLICE_MS;

  get isOver(): boolean {
    return performance.now() > this.#end;
  }

  async next(): Promise<void> {
    await setImmediate();
    this.#end = performance.now() + SLICE_MS;
  }
}
