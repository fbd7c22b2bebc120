import { Counter, Histogram, type Registry } from 'prom-client';

/** The values that each label can have. All of them are known, so that a client cannot create series. */
export type LabelChoices = Readonly<Record<string, readonly string[]>>;

interface FamilyOptions {
  readonly name: string;
  readonly help: string;
  readonly labels: LabelChoices;
  readonly registry: Registry;
}

/**
 * A counter with a child for each combination of its labels. Each has a sample of zero from the start: a rate over a series that
 * begins with its first event does not count that event. Hot paths keep the children.
 */
export class CounterFamily {
  readonly #counter: Counter;
  readonly #children = new Map<string, Counter.Internal>();

  constructor({ name, help, labels, registry }: FamilyOptions) {
    this.#counter = new Counter({ name, help, labelNames: Object.keys(labels), registers: [registry] });
    for (const values of combinations(labels)) this.add(...values);
  }

  /** Adds a child that was not known at the start. @param values those of the labels, in their order. */
  add(...values: readonly string[]): Counter.Internal {
    const child = this.#counter.labels(...values);
    child.inc(0);
    this.#children.set(keyOf(values), child);
    return child;
  }

  /** @param values those of the labels, in their order. */
  child(...values: readonly string[]): Counter.Internal {
    return this.#children.get(keyOf(values)) ?? this.add(...values);
  }
}

/** As `CounterFamily`. */
export class HistogramFamily {
  readonly #histogram: Histogram;
  readonly #names: readonly string[];
  readonly #children = new Map<string, Histogram.Internal<string>>();

  constructor({ name, help, labels, registry, buckets }: FamilyOptions & { readonly buckets: number[] }) {
    this.#names = Object.keys(labels);
    this.#histogram = new Histogram({
      name,
      help,
      labelNames: this.#names,
      buckets,
      registers: [registry],
    });
    for (const values of combinations(labels)) this.add(...values);
  }

  add(...values: readonly string[]): Histogram.Internal<string> {
    const labels = Object.fromEntries(this.#names.map((name, index) => [name, values[index] ?? '']));
    this.#histogram.zero(labels);
    const child = this.#histogram.labels(labels);
    this.#children.set(keyOf(values), child);
    return child;
  }

  child(...values: readonly string[]): Histogram.Internal<string> {
    return this.#children.get(keyOf(values)) ?? this.add(...values);
  }
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
