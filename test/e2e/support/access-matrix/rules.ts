import type { ObjectKind, Privileges } from '../../../../src/access/privileges.js';
import { isIn, userId, type Caller } from './callers.js';

/** Named as in the declarations of routes and statements. */
export type Named = { [Kind in ObjectKind]: `${Kind} ${Privileges[Kind]}` }[ObjectKind];

export type StageName = '~' | 'shared' | 'other';

/** What is asked for: an object, and by a statement or not. */
export interface Wish {
  readonly caller: Caller;
  readonly stage: StageName;
  /** The caller's own upload, or that of another. */
  readonly isOwnUpload: boolean;
  readonly isStatement: boolean;
}

/** The rules once more, in other words, and read from nothing but what a caller has. */
export type Verdict = 'may' | 'refused' | 'hidden' | 'out of scope';
type Rule = (wish: Wish) => Verdict;

const PEOPLE = ['GRANT', 'ALTER', 'CREATE USER', 'DROP USER', 'CREATE ROLE', 'DROP ROLE'];

/** Nobody but the own roles of a statement's session can be off; REST has no session. */
function hasRoles({ caller, isStatement }: Wish): boolean {
  return !(caller.rolesOff === true && isStatement);
}

function administers(wish: Wish): boolean {
  return wish.caller.administers === true && hasRoles(wish);
}

function hasWord(wish: Wish, ...words: readonly string[]): boolean {
  const given = wish.caller.words ?? [];
  return administers(wish) || (hasRoles(wish) && words.some((word) => given.includes(word)));
}

/** What the user has, whatever its token is limited to. */
function stageRights(wish: Wish): ReadonlySet<string> {
  const { caller, stage } = wish;
  if (stage === '~') return new Set(['Read', 'Write', 'Alter', 'Drop']);
  const isGiven = stage === 'shared' && (caller.by === undefined || caller.by === 'user' || hasRoles(wish));
  const given: string[] = isGiven ? [...(caller.onShared ?? [])] : [];
  if (hasWord(wish, 'Read')) given.push('Read');
  if (hasWord(wish, 'GRANT')) given.push('Grant');
  if (administers(wish)) given.push('Own');
  if (given.includes('Own')) given.push('Read', 'Write', 'Grant');
  if (given.includes('Read') && given.includes('Write')) given.push('Alter', 'Drop');
  return new Set(given);
}

function scopedRights(wish: Wish): ReadonlySet<string> {
  const { scope } = wish.caller;
  const rights = stageRights(wish);
  if (scope === undefined) return rights;
  if (scope.stages?.includes(wish.stage) === false) return new Set();
  return new Set(scope.privileges.filter((privilege) => rights.has(privilege)));
}

export function seesStage(wish: Wish): boolean {
  return wish.stage === '~' || scopedRights(wish).size > 0;
}

const stage =
  (privilege: string): Rule =>
  (wish) => {
    const isGrant = privilege === 'Grant' || privilege === 'Own';
    if (isGrant && wish.isStatement && wish.caller.scope !== undefined) return 'out of scope';
    if (scopedRights(wish).has(privilege)) return 'may';
    return seesStage(wish) ? 'refused' : 'hidden';
  };

/** A token with a scope reaches nothing of the kind. */
const unscoped =
  (rule: Rule): Rule =>
  (wish) =>
    wish.caller.scope === undefined ? rule(wish) : 'hidden';

const words = (...given: readonly string[]): Rule => {
  return (wish) => (wish.caller.scope === undefined && hasWord(wish, ...given) ? 'may' : 'refused');
};

/** What is created belongs to the current role, which must have the privilege itself. */
const currentWords = (...given: readonly string[]): Rule => {
  return (wish) => {
    const isCurrent = wish.caller.isCurrent === true || administers(wish);
    return isCurrent ? words(...given)(wish) : 'refused';
  };
};

const everybody: Rule = () => 'may';
const everybodyWithoutScope: Rule = ({ caller }) => (caller.scope === undefined ? 'may' : 'refused');
const byPassword: Rule = ({ caller }) => (caller.credentials === 'API token' ? 'refused' : 'may');

/** Users and roles of the samples are those of somebody else. A token with a scope is refused before anything is looked for. */
const people =
  (...given: readonly string[]): Rule =>
  (wish) => {
    if (wish.caller.scope !== undefined) return 'out of scope';
    if (hasWord(wish, ...given)) return 'may';
    return hasWord(wish, ...PEOPLE) ? 'refused' : 'hidden';
  };

const connection = (...rights: readonly ('use' | 'grant' | 'own')[]): Rule =>
  unscoped((wish) => {
    const uses = hasWord(wish, 'SUPER') || wish.caller.usesConnection === true;
    const grants = hasWord(wish, 'GRANT');
    const may = administers(wish) || (rights.includes('use') && uses) || (rights.includes('grant') && grants);
    if (may) return 'may';
    return uses || grants ? 'refused' : 'hidden';
  });

const administratorsOnly: Rule = (wish) =>
  wish.caller.scope === undefined && administers(wish) ? 'may' : 'refused';

/** A privilege that is not here does not compile. */
const RULES: Readonly<Record<Named, Rule>> = {
  'service CreateStage': currentWords('SUPER', 'CREATE STAGE'),
  'service CreateStageInSomeRole': currentWords('SUPER', 'CREATE STAGE'), // the sample names no role
  'service UseServerFolders': words('SUPER'),
  'service ShowStages': everybody,
  'service CreateConnection': currentWords('SUPER', 'CREATE CONNECTION'),
  'service ShowConnections': everybodyWithoutScope,
  'service CreateUser': words('CREATE USER'),
  'service CreateRole': words('CREATE ROLE'),
  'service ShowUsers': everybodyWithoutScope,
  'service ShowRoles': everybodyWithoutScope,
  'service ShowGrants': everybodyWithoutScope,
  'service Grant': words('GRANT'),
  'service ShowUploads': everybodyWithoutScope,
  'service ShowAllUploads': administratorsOnly,
  'service ShowAudit': administratorsOnly,
  'service SetQuotas': administratorsOnly,
  'service Monitor': everybody,
  'session SignIn': everybody,
  'session Use': everybody,
  'session ChooseRoles': everybodyWithoutScope,
  'session ChangePassword': byPassword,
  'session ManageTokens': byPassword,
  'stage Read': stage('Read'),
  'stage Write': stage('Write'),
  'stage Alter': stage('Alter'),
  'stage Drop': stage('Drop'),
  'stage Grant': stage('Grant'),
  'stage Own': stage('Own'),
  'connection Access': connection('use'),
  'connection Alter': connection('own'),
  'connection Drop': connection('use'),
  'connection Grant': connection('grant'),
  'connection Own': connection('own'),
  'user Show': people(...PEOPLE),
  'user ShowGrants': people('GRANT'),
  'user Alter': people('ALTER'),
  'user Drop': people('DROP USER'),
  'user Grant': people('GRANT'),
  'role Show': people(...PEOPLE),
  'role ShowGrants': people('GRANT'),
  'role Alter': people('ALTER'),
  'role Drop': people('DROP ROLE'),
  'role Grant': people('GRANT'),
  'right Grant': words('GRANT'),
  'upload Read': (wish) => (wish.isOwnUpload || administers(wish) ? 'may' : 'hidden'),
};

/** What is answered to who may know of an object and not do this with it, by kind. */
export const REFUSED = { status: 403, code: 1063 } as const;

/** What is answered for an object that is not there, by kind; the same for one that is hidden. */
export const MISSING: Readonly<Record<ObjectKind, { readonly status: number; readonly code: number }>> = {
  service: REFUSED,
  session: REFUSED,
  right: REFUSED,
  stage: { status: 404, code: 2501 },
  connection: { status: 404, code: 2510 },
  user: { status: 404, code: 2201 },
  role: { status: 404, code: 2204 },
  upload: { status: 404, code: 404 },
};

export interface Ruling {
  readonly verdict: Verdict | 'out' | 'must change';
}

/** @param named undefined for what needs to be seen only. */
export function rulingOn(named: Named, wish: Wish, needsSightOnly: boolean): Ruling['verdict'] {
  const { caller } = wish;
  if (!isIn(caller)) return 'out';
  const isAboutPassword = named === 'session SignIn' || named === 'session ChangePassword';
  if (caller.mustChangePassword === true && !isAboutPassword) return 'must change';
  if (!needsSightOnly) return RULES[named](wish);
  return seesStage(wish) ? 'may' : 'hidden';
}

export function ownerOfUpload({ caller, isOwnUpload }: Wish): string {
  return isOwnUpload ? userId(caller) : 'id of somebody';
}
