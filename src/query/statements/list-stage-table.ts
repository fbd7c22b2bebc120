import type { Principal } from '../../access/principal.js';
import { FilePattern } from '../../stages/files/file-pattern.js';
import { stagePrefix, withoutExtraSlashes } from '../../stages/files/stage-path.js';
import type { OpenedStage, StageService } from '../../stages/files/stage.service.js';
import { QueryError } from '../query-error.js';
import { keyOf, type Column, type Row, type ScanOptions, type Table } from '../rows/table.js';
import { listStageRow } from './list-stage-row.js';
import { assertNoTraversal, stageLocation } from './stage-location.js';

/** Databend's columns of LIST and list_stage, as `listStageRow` fills them. */
const COLUMNS: readonly Column[] = [
  { name: 'name', type: 'String' },
  { name: 'size', type: 'UInt64' },
  { name: 'md5', type: 'Nullable(String)' },
  { name: 'last_modified', type: 'String' },
  { name: 'creator', type: 'Nullable(String)' },
];
const PARAMETERS = ['location', 'pattern'];

/** The files of a stage as rows, read from the store as far as they are asked for. */
export class ListStageTable implements Table {
  readonly columns = COLUMNS;
  readonly #stages: StageService;
  readonly #stage: OpenedStage;
  readonly #prefix: string;
  /** Meant where no file's name begins with the prefix: stock clients double slashes. */
  readonly #otherPrefix: string;
  readonly #pattern: FilePattern | undefined;

  private constructor(stages: StageService, stage: OpenedStage, path: string, pattern: string | undefined) {
    this.#stages = stages;
    this.#stage = stage;
    this.#prefix = stagePrefix(path, stage.storage.capabilities);
    this.#otherPrefix = withoutExtraSlashes(path);
    this.#pattern = pattern === undefined ? undefined : new FilePattern(pattern);
  }

  /** @throws what is wrong with the parameters, and where the stage may not be read. */
  static async open(
    stages: StageService,
    parameters: ReadonlyMap<string, string>,
    principal: Principal,
  ): Promise<ListStageTable> {
    const unknown = [...parameters.keys()].find((name) => !PARAMETERS.includes(name));
    if (unknown !== undefined)
      throw new QueryError('BadArguments', `unknown param ${unknown} for list_stage`);
    const location = parameters.get('location');
    if (location === undefined) {
      throw new QueryError(
        'BadArguments',
        "list_stage needs a location: list_stage(location => '@stage/path')",
      );
    }
    const { stageName, path } = stageLocation(location);
    const stage = await stages.resolve(stageName, principal, 'Read');
    assertNoTraversal(path, stage.storage.capabilities);
    return new ListStageTable(stages, stage, path, parameters.get('pattern'));
  }

  /** The pattern is tried on what follows the prefix. */
  has(row: Row): boolean {
    return this.#pattern?.matches(this.#restOf(keyOf(row))) ?? true;
  }

  async *scan(options: ScanOptions): AsyncGenerator<readonly Row[]> {
    // Behind a row of the one prefix come rows of no other.
    const isOther = options.after !== undefined && !options.after.startsWith(this.#prefix);
    let isEmpty = true;
    if (!isOther || this.#otherPrefix === this.#prefix) {
      for await (const batch of this.#rowsBelow(this.#prefix, options)) {
        isEmpty = false;
        yield batch;
      }
    }
    const isDecided = options.after !== undefined && !isOther;
    if (isEmpty && !isDecided && this.#otherPrefix !== this.#prefix) {
      yield* this.#rowsBelow(this.#otherPrefix, options);
    }
  }

  #restOf(name: string): string {
    const prefix = name.startsWith(this.#prefix) ? this.#prefix : this.#otherPrefix;
    return name.slice(prefix.length);
  }

  #rowsBelow(prefix: string, { after, signal }: ScanOptions): AsyncGenerator<readonly Row[]> {
    const query = { prefix, startAfter: after, signal };
    return this.#stages.listRows(this.#stage, query, listStageRow);
  }
}
