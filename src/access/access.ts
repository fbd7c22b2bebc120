import { AccessError } from './access-error.js';
import type { Principal } from './principal.js';
import type { ObjectKind, ObjectOf, Objects, Privileges } from './privileges.js';
import {
  connectionRequired,
  creationRequired,
  grantRequired,
  ownerRequired,
  ownershipRequired,
  readRequired,
  serviceRequired,
  writeRequired,
} from './refusals.js';
import { PUBLIC, isAdministrator, isGranted, type Rights } from './rights.js';
import { isInScope } from './scope.js';

interface Rule<Kind extends ObjectKind> {
  readonly allows: (principal: Principal, object: Objects[Kind]) => boolean;
  readonly refusal: (principal: Principal, object: Objects[Kind]) => string;
}

type Rules = {
  readonly [Kind in ObjectKind]: Readonly<Record<Privileges[Kind], Rule<Kind>>>;
};

interface Owned {
  readonly ownerRole?: string | undefined;
}

const everybody = { allows: () => true, refusal: serviceRequired('USAGE') };

function has(rights: Rights, ...words: readonly string[]): boolean {
  return isAdministrator(rights) || words.some((word) => isGranted(rights, word, 'service', ''));
}

/** Allows whoever has one of these privileges on the service. The first one is named in a refusal. */
function holders(first: string, ...others: readonly string[]): Rule<ObjectKind> {
  return {
    allows: ({ rights }) => has(rights, first, ...others),
    refusal: serviceRequired(first),
  };
}

const administrators = {
  allows: ({ rights }: Principal): boolean => isAdministrator(rights),
  refusal: serviceRequired('SUPER'),
};

/**
 * Allows whose user or current role has one of these privileges on the service. The current role owns what is created: `public` would
 * make everybody the owner. The first privilege is named in a refusal.
 */
function creators(first: string, ...others: readonly string[]): Rule<ObjectKind> {
  const isGiven = ({ currentRights }: Principal): boolean => has(currentRights, first, ...others);
  return {
    allows: (principal) => isGiven(principal) && principal.currentRole.id !== PUBLIC,
    refusal: (principal) => (isGiven(principal) ? ownerRequired : creationRequired(first))(principal),
  };
}

function owns({ rights }: Principal, { ownerRole }: Owned): boolean {
  return isAdministrator(rights) || (ownerRole !== undefined && rights.roles.has(ownerRole));
}

function mayUse(principal: Principal, privilege: 'Read' | 'Write', stage: Objects['stage']): boolean {
  const { userId, rights } = principal;
  if (stage.userId !== undefined) return stage.userId === userId;
  const isGiven =
    isGranted(rights, privilege, 'stage', stage.id) || isGranted(rights, privilege, 'service', '');
  return isGiven || owns(principal, stage);
}

const readers = {
  allows: (principal: Principal, stage: Objects['stage']) => mayUse(principal, 'Read', stage),
  refusal: readRequired,
};
const writers = {
  allows: (principal: Principal, stage: Objects['stage']) => mayUse(principal, 'Write', stage),
  refusal: writeRequired,
};
/** As in Databend: both privileges, or ownership. */
const changers = {
  allows: (principal: Principal, stage: Objects['stage']) =>
    readers.allows(principal, stage) && writers.allows(principal, stage),
  refusal: (principal: Principal, stage: Objects['stage']) =>
    readers.allows(principal, stage) ? writeRequired(principal, stage) : readRequired(principal, stage),
};
const owners = { allows: owns, refusal: ownershipRequired };
const granters = {
  allows: (principal: Principal, object: Owned) => owns(principal, object) || has(principal.rights, 'GRANT'),
  refusal: serviceRequired('GRANT'),
};
const connectionUsers = {
  allows: (principal: Principal, connection: Objects['connection']) =>
    owns(principal, connection) ||
    has(principal.rights, 'SUPER') ||
    isGranted(principal.rights, 'ACCESS CONNECTION', 'connection', connection.id),
  refusal: connectionRequired,
};

/** Does the user have the role, in effect or not? */
function isAvailable({ availableRoles }: Principal, { id }: Objects['role']): boolean {
  return availableRoles.some((role) => role.id === id);
}

/** Allows whoever has the word to do so to users and roles that do not administer, and administrators, to all. */
function administratorsOf(word: string): Rule<'user' | 'role'> {
  return {
    allows: ({ rights }, { administers }) => has(rights, ...(administers ? [] : [word])),
    refusal: (principal, { administers }) => serviceRequired(administers ? 'SUPER' : word)(principal),
  };
}

const PEOPLE_WORDS = ['GRANT', 'ALTER', 'CREATE USER', 'DROP USER', 'CREATE ROLE', 'DROP ROLE'] as const;

/** Access rules. Users may use their own stages and uploads; everything else needs a role, a grant or an administrator. */
const RULES: Rules = {
  service: {
    CreateStage: creators('SUPER', 'CREATE STAGE'),
    CreateStageInSomeRole: { ...holders('SUPER', 'CREATE STAGE'), refusal: creationRequired('SUPER') },
    UseServerFolders: holders('SUPER'),
    ShowStages: everybody, // each stage has its own check
    CreateConnection: creators('SUPER', 'CREATE CONNECTION'),
    ShowConnections: everybody, // each connection has its own check
    CreateUser: holders('CREATE USER'),
    CreateRole: holders('CREATE ROLE'),
    ShowUsers: everybody, // each user has its own check
    ShowRoles: everybody, // each role has its own check
    ShowGrants: everybody, // one's own; those of others have their own check
    Grant: holders('GRANT'),
    ShowUploads: everybody,
    ShowAllUploads: administrators,
    SetQuotas: administrators,
    ShowAudit: administrators,
    Monitor: everybody,
  },
  session: {
    SignIn: everybody,
    Use: everybody,
    ChooseRoles: everybody, // each role has its own check
    ChangePassword: everybody,
    ManageTokens: everybody,
  },
  stage: {
    Read: readers,
    Write: writers,
    Alter: changers,
    Drop: changers,
    Grant: granters,
    Own: owners,
  },
  connection: {
    Access: connectionUsers,
    Alter: owners,
    Drop: connectionUsers,
    Grant: granters,
    Own: owners,
  },
  user: {
    Show: {
      allows: ({ userId, rights }, { id }) => userId === id || has(rights, ...PEOPLE_WORDS),
      refusal: serviceRequired('GRANT'),
    },
    ShowGrants: {
      allows: ({ userId, rights }, { id }) => userId === id || has(rights, 'GRANT'),
      refusal: grantRequired,
    },
    Alter: administratorsOf('ALTER'),
    Drop: administratorsOf('DROP USER'),
    Grant: administratorsOf('GRANT'),
  },
  role: {
    Show: {
      allows: (principal, role) => has(principal.rights, ...PEOPLE_WORDS) || isAvailable(principal, role),
      refusal: serviceRequired('GRANT'),
    },
    ShowGrants: {
      allows: (principal, role) => has(principal.rights, 'GRANT') || isAvailable(principal, role),
      refusal: grantRequired,
    },
    Alter: holders('ALTER'),
    Drop: administratorsOf('DROP ROLE'),
    Grant: administratorsOf('GRANT'),
  },
  right: {
    Grant: {
      allows: ({ rights }, { word }) => has(rights, 'GRANT') && has(rights, word),
      refusal: (principal, { word }) => serviceRequired(word)(principal),
    },
  },
  upload: {
    Read: {
      allows: ({ userId, rights }, upload) => upload.userId === userId || isAdministrator(rights),
      refusal: serviceRequired('SUPER'),
    },
  },
};

export function may<Kind extends ObjectKind>(
  principal: Principal,
  privilege: Privileges[Kind],
  object: ObjectOf<Kind>,
): boolean {
  return obstacleTo(principal, privilege, object) === undefined;
}

/** @throws AccessError that says what is missing; of kind `PermissionDenied`, with Databend's text. */
export function requirePrivilege<Kind extends ObjectKind>(
  principal: Principal,
  privilege: Privileges[Kind],
  object: ObjectOf<Kind>,
): void {
  const obstacle = obstacleTo(principal, privilege, object);
  if (obstacle === undefined) return;
  if (obstacle === 'password') throw passwordChangeRequired();
  if (obstacle === 'scope') throw outOfScope(principal);
  throw new AccessError('PermissionDenied', RULES[object.kind][privilege].refusal(principal, object));
}

/** @throws AccessError of kind `PasswordChangeRequired` for a user who must change the password before anything else. */
export function requireSettledPassword({ mustChangePassword }: Principal): void {
  if (mustChangePassword) throw passwordChangeRequired();
}

/** May the principal know that the object exists? Any privilege on it is enough. */
export function isVisible<Kind extends ObjectKind>(principal: Principal, object: ObjectOf<Kind>): boolean {
  const privileges = Object.keys(RULES[object.kind]) as Privileges[Kind][]; // the keys of its own type
  return privileges.some((privilege) => may(principal, privilege, object));
}

/** Names what the principal lacks. Makes no error: its time alone would tell a hidden object from one that does not exist. */
function obstacleTo<Kind extends ObjectKind>(
  principal: Principal,
  privilege: Privileges[Kind],
  object: ObjectOf<Kind>,
): 'password' | 'privilege' | 'scope' | undefined {
  if (principal.mustChangePassword && !isPasswordChange(object.kind, privilege)) return 'password';
  if (!RULES[object.kind][privilege].allows(principal, object)) return 'privilege';
  return isInScope(principal, privilege, object) ? undefined : 'scope';
}

function isPasswordChange(kind: ObjectKind, privilege: string): boolean {
  return kind === 'session' && (privilege === 'SignIn' || privilege === 'ChangePassword');
}

function passwordChangeRequired(): AccessError {
  return new AccessError(
    'PasswordChangeRequired',
    "Must change password before execute other operations: ALTER USER USER() IDENTIFIED BY '…', or PUT /v1/password.",
  );
}

function outOfScope({ token }: Principal): AccessError {
  const limits =
    token?.scope === undefined ? 'may not change passwords or tokens' : 'is limited to a part of that';
  return new AccessError(
    'TokenScope',
    `Permission denied: the API token of this request ${limits}, whatever its user may do. Use another token, or a password.`,
  );
}
