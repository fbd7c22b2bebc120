import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Both halves of it. A larger one makes no request faster, and listings take so much more memory. */
const ENOUGH_BYTES = 8 * 1024 * 1024;
const BETWEEN_LOOKS_MS = 100;

/** V8 would let it grow up to fourfold. What lives long here is little, and a long listing leaves much. */
const OLD_GENERATION_GROWS_PERCENT = 100;

/** To be called before anything else is loaded: what is loaded stays, so that a larger young generation would be of no use to it. */
export function keepYoungGeneration(): void {
  setGrowthFactor(1);
}

/**
 * Lets the young generation grow as V8 sees fit, as long as it is not large enough. V8 shrinks it again when little happens,
 * and has no bound that can be set while it runs.
 */
export function boundYoungGeneration(): void {
  setInterval(() => {
    setGrowthFactor(youngBytes() < ENOUGH_BYTES ? 2 : 1);
  }, BETWEEN_LOOKS_MS).unref();
}

/** Collects the old generation as soon as it has doubled. */
export function boundOldGeneration(): void {
  setFlagsFromString(`--heap-growing-percent=${String(OLD_GENERATION_GROWS_PERCENT)}`);
}

function youngBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0;
}

function setGrowthFactor(factor: number): void {
  setFlagsFromString(`--semi-space-growth-factor=${String(factor)}`);
}
