import { Counter, Histogram, type Registry } from 'prom-client';

/** The values that each label can have. All of them are known, so that a client cannot create series. */
export type LabelChoices = Readonly<Record<string, readonly string[]>>;

interface FamilyOptions {
  readonly name: string;
  readonly help: string;
  readonly labels: LabelChoices;
  readonly registry: Registry;
}

/** Values that wait for the next scrape, at most. More of them are reported to prom-client at once. */
const MOST_WAITING = 256;

/**
 * One sample of a counter. Counts by itself until the next scrape: prom-client looks up the labels at each call, and a small request
 * has a dozen of these.
 */
export class Count {
  readonly #sample: Counter.Internal;
  #waiting = 0;

  constructor(sample: Counter.Internal) {
    this.#sample = sample;
    sample.inc(0);
  }

  inc(by = 1): void {
    this.#waiting += by;
  }

  report(): void {
    if (this.#waiting === 0) return;
    this.#sample.inc(this.#waiting);
    this.#waiting = 0;
  }
}

/** The samples of a histogram with the same labels. Keeps values as `Count` does. */
export class Observations {
  readonly #samples: Histogram.Internal<string>;
  readonly #waiting: number[] = [];

  constructor(samples: Histogram.Internal<string>) {
    this.#samples = samples;
  }

  observe(value: number): void {
    if (this.#waiting.push(value) === MOST_WAITING) this.report();
  }

  report(): void {
    for (const value of this.#waiting) this.#samples.observe(value);
    this.#waiting.length = 0;
  }
}

/**
 * A counter with a child for each combination of its labels. Each has a sample of zero from the start: a rate over a series that
 * begins with its first event does not count that event. Hot paths keep the children.
 */
export class CounterFamily {
  readonly #counter: Counter;
  readonly #children = new Map<string, Count>();

  constructor({ name, help, labels, registry }: FamilyOptions) {
    this.#counter = new Counter({
      name,
      help,
      labelNames: Object.keys(labels),
      registers: [registry],
      collect: () => {
        reportAll(this.#children);
      },
    });
    for (const values of combinations(labels)) this.add(...values);
  }

  /** Adds a child that was not known at the start. @param values those of the labels, in their order. */
  add(...values: readonly string[]): Count {
    const child = new Count(this.#counter.labels(...values));
    this.#children.set(keyOf(values), child);
    return child;
  }

  /** @param values those of the labels, in their order. */
  child(...values: readonly string[]): Count {
    return this.#children.get(keyOf(values)) ?? this.add(...values);
  }
}

/** As `CounterFamily`. */
export class HistogramFamily {
  readonly #histogram: Histogram;
  readonly #names: readonly string[];
  readonly #children = new Map<string, Observations>();

  constructor({ name, help, labels, registry, buckets }: FamilyOptions & { readonly buckets: number[] }) {
    this.#names = Object.keys(labels);
    this.#histogram = new Histogram({
      name,
      help,
      labelNames: this.#names,
      buckets,
      registers: [registry],
      collect: () => {
        reportAll(this.#children);
      },
    });
    for (const values of combinations(labels)) this.add(...values);
  }

  add(...values: readonly string[]): Observations {
    const labels = Object.fromEntries(this.#names.map((name, index) => [name, values[index] ?? '']));
    this.#histogram.zero(labels);
    const child = new Observations(this.#histogram.labels(labels));
    this.#children.set(keyOf(values), child);
    return child;
  }

  child(...values: readonly string[]): Observations {
    return this.#children.get(keyOf(values)) ?? this.add(...values);
  }
}

function reportAll(children: ReadonlyMap<string, Count | Observations>): void {
  for (const child of children.values()) child.report();
}

function combinations(labels: LabelChoices): readonly (readonly string[])[] {
  return Object.values(labels).reduce<readonly (readonly string[])[]>(
    (rows, choices) => rows.flatMap((row) => choices.map((choice) => [...row, choice])),
    [[]],
  );
}

function keyOf(values: readonly string[]): string {
  return values.length === 1 ? (values[0] ?? '') : values.join('\n');
}
