import type { Principal } from '../../access/principal.js';
import { FilePattern } from '../../stages/files/file-pattern.js';
import { stagePrefix, withoutExtraSlashes } from '../../stages/files/stage-path.js';
import type { OpenedStage, StageService } from '../../stages/files/stage.service.js';
import { QueryError } from '../query-error.js';
import { keyOf, type Column, type Row, type ScanOptions, type Table } from '../rows/table.js';
import { listStageRow } from './list-stage-row.js';
import { assertNoTraversal, stageLocation } from './stage-location.js';

/** Databend's columns of LIST and list_stage. `listStageRow` fills them. */
const COLUMNS: readonly Column[] = [
  { name: 'name', type: 'String' },
  { name: 'size', type: 'UInt64' },
  { name: 'md5', type: 'Nullable(String)' },
  { name: 'last_modified', type: 'String' },
  { name: 'creator', type: 'Nullable(String)' },
];
const PARAMETERS = ['location', 'pattern'];

/** The files of a stage as a table. Reads from the store only as far as the reader scans. */
export class ListStageTable implements Table {
  readonly columns = COLUMNS;
  readonly #stages: StageService;
  readonly #stage: OpenedStage;
  readonly #prefix: string;
  /** Used if no file's name begins with the prefix: stock clients double slashes. */
  readonly #fallbackPrefix: string;
  readonly #pattern: FilePattern | undefined;

  private constructor(stages: StageService, stage: OpenedStage, path: string, pattern: string | undefined) {
    this.#stages = stages;
    this.#stage = stage;
    this.#prefix = stagePrefix(path, stage.storage.capabilities);
    this.#fallbackPrefix = withoutExtraSlashes(path);
    this.#pattern = pattern === undefined ? undefined : new FilePattern(pattern);
  }

  /** @throws QueryError for invalid parameters, and the errors of resolving the stage. */
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

  /** Matches the pattern against the name behind the prefix. */
  has(row: Row): boolean {
    return this.#pattern?.matches(this.#withoutPrefix(keyOf(row))) ?? true;
  }

  async *scan(options: ScanOptions): AsyncGenerator<readonly Row[]> {
    // After a row of one prefix, no rows of the other follow.
    const isInFallback = options.after !== undefined && !options.after.startsWith(this.#prefix);
    let isEmpty = true;
    if (!isInFallback || this.#fallbackPrefix === this.#prefix) {
      for await (const batch of this.#rowsBelow(this.#prefix, options)) {
        isEmpty = false;
        yield batch;
      }
    }
    const isDecided = options.after !== undefined && !isInFallback;
    if (isEmpty && !isDecided && this.#fallbackPrefix !== this.#prefix) {
      yield* this.#rowsBelow(this.#fallbackPrefix, options);
    }
  }

  #withoutPrefix(name: string): string {
    const prefix = name.startsWith(this.#prefix) ? this.#prefix : this.#fallbackPrefix;
    return name.slice(prefix.length);
  }

  #rowsBelow(prefix: string, { after, signal }: ScanOptions): AsyncGenerator<readonly Row[]> {
    const query = { prefix, startAfter: after, signal };
    return this.#stages.listRows(this.#stage, query, listStageRow);
  }
}
