import { TimeSlices } from '../../../common/time-slices.js';
import type { Compiled } from '../scope.js';
import type { Row, ScanOptions, Table } from '../table.js';
import type { Accumulator, Aggregate } from './aggregate-function.js';
import { TextBudget } from './text-budget.js';

export const MAX_GROUPS = 10_000;
const BATCH = 1000;

/** Groups the rows of a table. A row of a group has its keys first, then its aggregates. */
export interface Grouping {
  /** Without keys, all rows are one group, which exists even without a row. */
  readonly keys: readonly Compiled['evaluate'][];
  readonly aggregates: readonly Aggregate[];
  /** HAVING: tests a row of a group. */
  readonly isSelected: (row: Row) => boolean;
  /** Creates an error about the place of the groups in the statement. */
  readonly tooLarge: (message: string) => Error;
}

/** A table of the groups of another table's selected rows. Reads that table to its end before it yields the first group. */
export class GroupTable implements Table {
  readonly columns = [];
  readonly #table: Table;
  readonly #isSelected: (row: Row) => boolean;
  readonly #grouping: Grouping;

  constructor(table: Table, isSelected: (row: Row) => boolean, grouping: Grouping) {
    this.#table = table;
    this.#isSelected = isSelected;
    this.#grouping = grouping;
  }

  has(): boolean {
    return true;
  }

  /** Ignores `after`: the reader sorts the groups. */
  async *scan({ signal }: ScanOptions): AsyncGenerator<readonly Row[]> {
    const groups = new Groups(this.#grouping);
    const slices = new TimeSlices();
    for await (const batch of this.#table.scan({ signal })) {
      for (const row of batch) {
        if (slices.isOver) await slices.next();
        if (this.#isSelected(row)) groups.add(row);
      }
    }
    yield* groups.rows();
  }
}

interface Group {
  readonly key: Row;
  readonly accumulators: readonly Accumulator[];
}

class Groups {
  readonly #groups = new Map<string, Group>();
  readonly #grouping: Grouping;
  readonly #budget: TextBudget;

  constructor(grouping: Grouping) {
    this.#grouping = grouping;
    this.#budget = textBudget(grouping);
  }

  add(row: Row): void {
    const key = this.#grouping.keys.map((evaluate) => evaluate(row));
    const name = JSON.stringify(key);
    const group = this.#groups.get(name) ?? this.#createGroup(name, key);
    for (const accumulator of group.accumulators) accumulator.add(row);
  }

  *rows(): Generator<readonly Row[]> {
    let batch: Row[] = [];
    for (const { key, accumulators } of this.#groups.values()) {
      batch.push([...key, ...accumulators.map((accumulator) => accumulator.result())]);
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
    yield batch;
  }

  #createGroup(name: string, key: Row): Group {
    const { aggregates, tooLarge } = this.#grouping;
    if (this.#groups.size === MAX_GROUPS) {
      throw tooLarge(`these are more than ${String(MAX_GROUPS)} groups: narrow them down by WHERE`);
    }
    this.#budget.replace(null, name);
    const group = { key, accumulators: aggregates.map((aggregate) => aggregate.start(this.#budget)) };
    this.#groups.set(name, group);
    return group;
  }
}

export function textBudget({ tooLarge }: Pick<Grouping, 'tooLarge'>): TextBudget {
  return new TextBudget(() => tooLarge('these groups hold too much text: narrow them down by WHERE'));
}
