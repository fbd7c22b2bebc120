/** Work that is too short to be measured is repeated until it takes so long. */
const MEASURED_US = 1_000;
const MOST_REPETITIONS = 100_000;
const ATTEMPTS = 10;
/** The short input is this part of the long one. */
const PART = 16;
/** The square of the part is 256: work that grows with the square takes about so many times as long, where it counts. */
const MOST_TIMES_AS_MUCH = 3 * PART;

/** Makes a text of so many characters, more or less. */
export type Input<Text = string> = (length: number) => Text;

export interface Scanner<Text = string> {
  readonly input: Input<Text>;
  /** What it throws counts like what it answers. */
  readonly scan: (text: Text) => unknown;
  /** The most that a client can send. */
  readonly length: number;
}

/** A row of one piece, with something before it and behind it. */
export function rowOf(piece: string, before = '', behind = ''): Input {
  return (length) => before + piece.repeat(Math.ceil(length / piece.length)) + behind;
}

/**
 * Compares the CPU time of an input of the most length with that of a short one: the best of several measurements each. The two are so
 * far apart that neither the machine's load nor a collection of garbage makes linear work look like another.
 */
export async function expectLinear<Text>({ input, scan, length }: Scanner<Text>): Promise<void> {
  const [short, whole] = [input(length / PART), input(length)];
  const repetitions = await repetitionsOf(scan, short);
  const least = { short: Infinity, whole: Infinity };
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    least.short = Math.min(least.short, await cpuOf(scan, short, repetitions));
    least.whole = Math.min(least.whole, await cpuOf(scan, whole, repetitions));
    if (least.whole <= MOST_TIMES_AS_MUCH * least.short) return;
  }
  expect(least.whole / least.short).toBeLessThanOrEqual(MOST_TIMES_AS_MUCH);
}

async function repetitionsOf<Text>(scan: (text: Text) => unknown, text: Text): Promise<number> {
  for (let repetitions = 1; ; repetitions *= 2) {
    const spent = await cpuOf(scan, text, repetitions);
    if (spent >= MEASURED_US || repetitions >= MOST_REPETITIONS) return repetitions;
  }
}

async function cpuOf<Text>(scan: (text: Text) => unknown, text: Text, repetitions: number): Promise<number> {
  const before = process.cpuUsage();
  for (let count = 0; count < repetitions; count++) {
    try {
      const result = scan(text);
      if (result instanceof Promise) await result;
    } catch {
      // a refusal is an answer, too
    }
  }
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
