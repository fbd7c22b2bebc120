import { sqlIdentifier, sqlString } from '../lib/quoting.js';

/** What somebody may do, as SHOW GRANTS tells it. */
export interface Rights {
  /** Has the server told them yet? */
  readonly isKnown: boolean;
  /** Is everything offered: to an administrator, and where the grants are not told? The server decides then. */
  readonly hasAll: boolean;
  /** Words for the whole service, as in `CREATE STAGE`. */
  readonly service: ReadonlySet<string>;
  /** `READ`, `WRITE`, `OWNERSHIP` on stages, by their names. */
  readonly stages: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What can be done with a stage. `change` is to alter and to drop it. */
export type StageAction = 'read' | 'write' | 'change' | 'grant';

const NONE: ReadonlySet<string> = new Set();
const OWN_STAGE = '~';
const ALL_OF_STAGE = ['READ', 'WRITE'];
/** Words of SHOW GRANTS that an action needs; all of them. */
const NEEDED: Readonly<Record<Exclude<StageAction, 'grant'>, readonly string[]>> = {
  read: ['READ'],
  write: ['WRITE'],
  change: ALL_OF_STAGE,
};

export const ALL_RIGHTS: Rights = { isKnown: true, hasAll: true, service: NONE, stages: new Map() };
export const NO_RIGHTS: Rights = { isKnown: false, hasAll: false, service: NONE, stages: new Map() };

/** Reads the rows of SHOW GRANTS: privileges, the name of their object, and the grant as a statement. */
export function parseRights(
  rows: readonly (readonly (string | null)[])[],
  columns: readonly string[],
): Rights {
  const place = (name: string): number => columns.indexOf(name);
  const service = new Set<string>();
  const stages = new Map<string, Set<string>>();
  for (const row of rows) {
    const words = (row[place('privileges')] ?? '').toUpperCase().split(',');
    const object = row[place('object_name')] ?? '';
    if (object === '*.*') for (const word of words) service.add(word);
    else if ((row[place('grants')] ?? '').includes(' ON STAGE ')) {
      const known = stages.get(object) ?? new Set();
      for (const word of words.includes('ALL') ? ALL_OF_STAGE : words) known.add(word);
      stages.set(object, known);
    }
  }
  return { isKnown: true, hasAll: false, service, stages };
}

/** May the reader do what one of these words allows? */
export function mayInService({ hasAll, service }: Rights, ...words: readonly string[]): boolean {
  return hasAll || service.has('ALL') || words.some((word) => service.has(word));
}

export function mayWithStage(rights: Rights, action: StageAction, stage: string): boolean {
  if (stage === OWN_STAGE) return action === 'read' || action === 'write';
  if (rights.hasAll || rights.stages.get(stage)?.has('OWNERSHIP') === true) return true;
  if (action === 'grant') return mayInService(rights, 'GRANT');
  return missingWords(rights, NEEDED[action], stage).length === 0;
}

/** Says what is missing, and who can give it; undefined where nothing is. */
export function stageRefusal(
  rights: Rights,
  action: StageAction,
  stage: string,
  user: string,
): string | undefined {
  if (mayWithStage(rights, action, stage)) return undefined;
  if (stage === OWN_STAGE) return 'Your own stage is yours alone, as long as you are here.';
  if (action === 'grant')
    return 'Who may use a stage is decided by its owner, and by whoever has the privilege GRANT.';
  const missing = missingWords(rights, NEEDED[action], stage);
  return (
    `It needs ${missing.join(' and ')} on the stage ${stage}. Its owner or an administrator can give you that: ` +
    `GRANT ${missing.join(', ')} ON STAGE ${sqlIdentifier(stage)} TO USER ${sqlString(user)};`
  );
}

function missingWords(rights: Rights, needed: readonly string[], stage: string): readonly string[] {
  const given = rights.stages.get(stage) ?? NONE;
  return needed.filter((word) => !given.has(word) && !mayInService(rights, word));
}
