import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Both halves of the young generation. A larger one makes no request faster, and listings take so much more memory. */
const ENOUGH_YOUNG_BYTES = 8 * 1024 * 1024;
const BETWEEN_LOOKS_MS = 100;

/** Before anything else is loaded. What is loaded stays, so that a larger young generation would be of no use to it. */
export function startWithSmallHeap(): void {
  setYoungGrowthFactor(1);
  // Collected when it has doubled. Left alone, V8 lets a long listing leave three times as much before it looks.
  setFlagsFromString('--heap-growing-percent=100');
}

/**
 * Lets the young generation grow as V8 sees fit, as long as it is not large enough. V8 shrinks it again when little happens,
 * and has no bound that can be set while it runs.
 */
export function boundYoungGeneration(): void {
  let mayGrow = false;
  setInterval(() => {
    const isEnough = youngBytes() >= ENOUGH_YOUNG_BYTES;
    if (mayGrow !== isEnough) return;
    mayGrow = !isEnough;
    setYoungGrowthFactor(mayGrow ? 2 : 1);
  }, BETWEEN_LOOKS_MS).unref();
}

function youngBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0;
}

function setYoungGrowthFactor(factor: number): void {
  setFlagsFromString(`--semi-space-growth-factor=${String(factor)}`);
}
