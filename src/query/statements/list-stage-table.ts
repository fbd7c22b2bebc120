import type { Principal } from '../../auth/principal.js';
import { FilePattern } from '../../stages/files/file-pattern.js';
import { stagePrefix } from '../../stages/files/stage-path.js';
import type { OpenedStage, StageService } from '../../stages/files/stage.service.js';
import { QueryError } from '../query-error.js';
import { keyOf, type Column, type Row, type ScanOptions, type Table } from '../rows/table.js';
import { listStageRow } from './list-stage-row.js';
import { stageLocation } from './stage-location.js';

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
  readonly #pattern: FilePattern | undefined;

  private constructor(stages: StageService, stage: OpenedStage, path: string, pattern: string | undefined) {
    this.#stages = stages;
    this.#stage = stage;
    this.#prefix = stagePrefix(path);
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
    return new ListStageTable(stages, stage, path, parameters.get('pattern'));
  }

  /** The pattern is tried on what follows the prefix. */
  has(row: Row): boolean {
    return this.#pattern?.matches(keyOf(row).slice(this.#prefix.length)) ?? true;
  }

  async *scan({ after, signal }: ScanOptions): AsyncGenerator<readonly Row[]> {
    const query = { prefix: this.#prefix, startAfter: after, signal };
    yield* this.#stages.listRows(this.#stage, query, listStageRow);
  }
}
