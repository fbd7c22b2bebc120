import { isVisible, may, requirePrivilege } from '../../../src/access/access.js';
import type { Principal } from '../../../src/access/principal.js';
import { SERVICE, SESSION, type Objects } from '../../../src/access/privileges.js';
import { ofKind } from '../of-kind.js';
import { administrator, plainUser, type GivenRight } from '../principals.js';

const NOTE =
  'Note: Please ensure that your current role have the appropriate permissions to create a new Object';
const STAGE: Objects['stage'] = { kind: 'stage', name: 's2', id: 'id of s2', ownerRole: 'team' };
const CONNECTION: Objects['connection'] = {
  kind: 'connection',
  name: 'c1',
  id: 'id of c1',
  ownerRole: 'team',
};
const own = (userId: string): Objects['stage'] => ({ kind: 'stage', name: '~', id: '~', userId });

const onStage = (privilege: string): GivenRight => ({ privilege, kind: 'stage', id: STAGE.id });
const onService = (privilege: string): GivenRight => ({ privilege, kind: 'service' });

/** Who asks. Everybody is called u1. */
const CALLERS = {
  nobody: plainUser('u1'),
  reader: plainUser('u1', { grants: [onStage('Read')] }),
  writer: plainUser('u1', { grants: [onStage('Write')] }),
  both: plainUser('u1', { grants: [onStage('Read'), onStage('Write')] }),
  owner: plainUser('u1', { roles: ['team'] }),
  'owner by a secondary role': plainUser('u1', { bySecondaryRole: { roles: ['team'] } }),
  'reader by a secondary role': plainUser('u1', { bySecondaryRole: { grants: [onStage('Read')] } }),
  'reader of all': plainUser('u1', { grants: [onService('Read')] }),
  'reader of another': plainUser('u1', { grants: [{ ...onStage('Read'), id: 'id of s3' }] }),
  granter: plainUser('u1', { grants: [onService('GRANT')] }),
  'user of the connection': plainUser('u1', {
    grants: [{ privilege: 'ACCESS CONNECTION', kind: 'connection', id: CONNECTION.id }],
  }),
  super: plainUser('u1', { grants: [onService('SUPER')] }),
  administrator: administrator(),
} satisfies Readonly<Record<string, Principal>>;
type Caller = keyof typeof CALLERS;

const ADMIN: readonly Caller[] = ['administrator'];
const OWNERS: readonly Caller[] = ['owner', 'owner by a secondary role', 'administrator'];
const READERS: readonly Caller[] = [
  'reader',
  'both',
  'reader by a secondary role',
  'reader of all',
  ...OWNERS,
];
const WRITERS: readonly Caller[] = ['writer', 'both', ...OWNERS];
const CHANGERS: readonly Caller[] = ['both', ...OWNERS];
const CONNECTED: readonly Caller[] = ['user of the connection', 'super', ...OWNERS];

function callersWho(test: (principal: Principal) => boolean): string[] {
  return Object.entries(CALLERS)
    .filter(([, principal]) => test(principal))
    .map(([name]) => name)
    .sort();
}

describe('a named stage', () => {
  it.each([
    ['Read', READERS],
    ['Write', WRITERS],
    ['Alter', CHANGERS],
    ['Drop', CHANGERS],
    ['Grant', ['granter', ...OWNERS]],
    ['Own', OWNERS],
  ] as const)('%s is for %j', (privilege, allowed) => {
    expect(callersWho((principal) => may(principal, privilege, STAGE))).toEqual([...allowed].sort());
  });

  it('is visible to who has any privilege on it', () => {
    const visible = [...new Set<string>([...READERS, ...WRITERS, 'granter'])].sort();
    expect(callersWho((principal) => isVisible(principal, STAGE))).toEqual(visible);
  });

  it('takes no longer to hide than a look takes: a time of its own would tell that it is there', () => {
    const timeFor = (principal: Principal): number => {
      const start = performance.now();
      for (let look = 0; look < 20_000; look++) isVisible(principal, STAGE);
      return performance.now() - start;
    };
    timeFor(CALLERS.nobody); // warm
    timeFor(CALLERS.reader);
    // It was three hundred times as long, by errors that nobody read.
    expect(timeFor(CALLERS.nobody) / timeFor(CALLERS.reader)).toBeLessThan(40);
  });
});

it.each(['Read', 'Write', 'Alter', 'Drop'] as const)(
  "%s of a user's own stage is for that user, and not for administrators",
  (privilege) => {
    const everybodyElse = Object.keys(CALLERS).filter((name) => name !== 'administrator');
    expect(callersWho((principal) => may(principal, privilege, own('u1')))).toEqual(everybodyElse.sort());
    expect(callersWho((principal) => may(principal, privilege, own('root')))).toEqual(ADMIN);
  },
);

describe('a connection', () => {
  it.each([
    ['Access', CONNECTED],
    ['Drop', CONNECTED],
    ['Grant', ['granter', ...OWNERS]],
    ['Own', OWNERS],
  ] as const)('%s is for %j', (privilege, allowed) => {
    expect(callersWho((principal) => may(principal, privilege, CONNECTION))).toEqual([...allowed].sort());
  });
});

describe('a privilege on the service', () => {
  const rows: readonly (readonly [
    privilege: string,
    object: Parameters<typeof check>[1],
    words: string[],
  ])[] = [
    ['CreateStage', SERVICE, ['SUPER', 'CREATE STAGE']],
    ['CreateStageInSomeRole', SERVICE, ['SUPER', 'CREATE STAGE']],
    ['UseServerFolders', SERVICE, ['SUPER']],
    ['CreateConnection', SERVICE, ['SUPER', 'CREATE CONNECTION']],
    ['CreateUser', SERVICE, ['CREATE USER']],
    ['CreateRole', SERVICE, ['CREATE ROLE']],
    ['Grant', SERVICE, ['GRANT']],
    ['Alter', { kind: 'user', id: 'u2', administers: false }, ['ALTER']],
    ['Drop', { kind: 'user', id: 'u2', administers: false }, ['DROP USER']],
    ['Grant', { kind: 'user', id: 'u2', administers: false }, ['GRANT']],
    ['Alter', { kind: 'user', id: 'root', administers: true }, []],
    ['Drop', { kind: 'user', id: 'root', administers: true }, []],
    ['Grant', { kind: 'user', id: 'root', administers: true }, []],
    ['Alter', { kind: 'role', id: 'team', administers: false }, ['ALTER']],
    ['Drop', { kind: 'role', id: 'team', administers: false }, ['DROP ROLE']],
    ['Grant', { kind: 'role', id: 'team', administers: false }, ['GRANT']],
    ['Drop', { kind: 'role', id: 'admins', administers: true }, []],
    ['Grant', { kind: 'role', id: 'admins', administers: true }, []],
    ['Read', { kind: 'upload', userId: 'u2' }, []],
  ];
  const WORDS = [
    'SUPER',
    'CREATE STAGE',
    'CREATE CONNECTION',
    'CREATE USER',
    'CREATE ROLE',
    'GRANT',
    'ALTER',
    'DROP USER',
    'DROP ROLE',
    'USAGE',
  ];

  function check(principal: Principal, object: Objects[keyof Objects], privilege: string): boolean {
    return may(principal, privilege as never, object as never); // the rows pair what belongs together
  }

  it.each(rows)('%s on %j is given by %j', (privilege, object, words) => {
    const giving = WORDS.filter((word) =>
      check(plainUser('u1', { roles: ['makers'], grants: [onService(word)] }), object, privilege),
    );
    expect(giving).toEqual(WORDS.filter((word) => words.includes(word)));
    expect(check(administrator(), object, privilege)).toBe(true);
    expect(check(plainUser('u1'), object, privilege)).toBe(false);
  });

  it('is granted on by who has it, and may grant', () => {
    const right: Objects['right'] = { kind: 'right', word: 'CREATE USER' };
    const having = (...words: string[]): Principal => plainUser('u1', { grants: words.map(onService) });
    expect(may(having('GRANT', 'CREATE USER'), 'Grant', right)).toBe(true);
    for (const words of [['GRANT'], ['CREATE USER'], ['SUPER', 'GRANT']])
      expect(may(having(...words), 'Grant', right)).toBe(false);
  });
});

describe('what is created', () => {
  const inCurrentRole = plainUser('u1', { roles: ['makers'], grants: [onService('CREATE STAGE')] });
  const inSecondaryRole = plainUser('u1', { bySecondaryRole: { grants: [onService('CREATE STAGE')] } });

  it('needs the privilege in the current role: a secondary one does not do', () => {
    expect(may(inCurrentRole, 'CreateStage', SERVICE)).toBe(true);
    expect(may(inSecondaryRole, 'CreateStage', SERVICE)).toBe(false);
    const ofOthers = plainUser('u1', { bySecondaryRole: { grants: [onService('CREATE USER')] } });
    expect(may(ofOthers, 'CreateUser', SERVICE)).toBe(true);
  });

  it('needs it of administrators too: account_admin as a secondary role creates nothing', () => {
    const secondary = plainUser('u1', { bySecondaryRole: { roles: ['account_admin'] } });
    expect(may(secondary, 'Read', STAGE)).toBe(true);
    expect(may(secondary, 'CreateStage', SERVICE)).toBe(false);
  });
});

describe('the role of everybody', () => {
  const inPublic = plainUser('u1', { grants: [onService('SUPER')] });

  it.each(['CreateStage', 'CreateConnection'] as const)('owns nothing: %s needs another one', (privilege) => {
    expect(() => {
      requirePrivilege(inPublic, privilege, SERVICE);
    }).toThrow(ofKind('PermissionDenied', { message: expect.stringMatching(/Choose another role/) }));
    expect(may(inPublic, 'CreateStageInSomeRole', SERVICE)).toBe(true);
  });
});

describe('users and roles', () => {
  const show = (principal: Principal, object: Objects['user'] | Objects['role']): boolean =>
    isVisible(principal, object);

  it('are shown to themselves, and to who administers people', () => {
    const user = (id: string): Objects['user'] => ({ kind: 'user', id, administers: false });
    const team: Objects['role'] = { kind: 'role', id: 'team', administers: false };
    expect(show(plainUser('u1'), user('u1'))).toBe(true);
    expect(show(plainUser('u1'), user('u2'))).toBe(false);
    expect(show(plainUser('u1'), team)).toBe(false);
    expect(show(plainUser('u1', { roles: ['team'] }), team)).toBe(true);
    for (const word of ['GRANT', 'ALTER', 'CREATE USER', 'DROP USER', 'CREATE ROLE', 'DROP ROLE']) {
      const principal = plainUser('u1', { grants: [onService(word)] });
      expect([show(principal, user('u2')), show(principal, team)]).toEqual([true, true]);
    }
  });
});

it('what became of an upload is for its sender and administrators', () => {
  const upload: Objects['upload'] = { kind: 'upload', userId: 'u1' };
  expect(may(plainUser('u1'), 'Read', upload)).toBe(true);
  expect(may(plainUser('u2'), 'Read', upload)).toBe(false);
  expect(may(administrator(), 'Read', upload)).toBe(true);
});

describe('a user who must change the password', () => {
  const user: Principal = { ...administrator(), mustChangePassword: true };

  it('may sign in and change it, and nothing else, with whatever rights', () => {
    expect(may(user, 'SignIn', SESSION)).toBe(true);
    expect(may(user, 'ChangePassword', SESSION)).toBe(true);
    expect([may(user, 'Use', SESSION), may(user, 'ManageTokens', SESSION)]).toEqual([false, false]);
    for (const stage of [STAGE, own('root')]) expect(may(user, 'Read', stage)).toBe(false);
    expect(may(user, 'ShowStages', SERVICE)).toBe(false);
    expect(() => {
      requirePrivilege(user, 'Use', SESSION);
    }).toThrow(ofKind('PasswordChangeRequired'));
  });
});

describe('an API token', () => {
  const of = (principal: Principal, scope?: NonNullable<Principal['token']>['scope']): Principal => ({
    ...principal,
    token: { id: 't', scope },
  });

  it('without a scope may all that its user may, but not touch passwords and tokens', () => {
    const token = of(CALLERS.both);
    for (const privilege of ['Read', 'Write', 'Alter', 'Drop'] as const)
      expect(may(token, privilege, STAGE)).toBe(true);
    expect(may(token, 'Own', STAGE)).toBe(false);
    expect(may(token, 'Use', SESSION)).toBe(true);
    for (const privilege of ['ChangePassword', 'ManageTokens'] as const) {
      expect(may(of(administrator()), privilege, SESSION)).toBe(false);
      expect(() => {
        requirePrivilege(token, privilege, SESSION);
      }).toThrow(ofKind('TokenScope'));
    }
  });

  it.each([
    [{ privileges: ['Read'] }, ['s2 Read', '~ Read']],
    [{ privileges: ['Read', 'Write'], stages: ['id of s2'] }, ['s2 Read', 's2 Write']],
    [{ privileges: ['Write'], stages: ['~'] }, ['~ Write']],
    [{ privileges: ['Read', 'Write'], stages: [] }, []],
  ] as const)('with the scope %j may %j', (scope, allowed) => {
    const token = of({ ...administrator(), userId: 'u1' }, scope);
    const stages = [STAGE, own('u1')];
    const found = stages.flatMap((stage) =>
      (['Read', 'Write', 'Alter', 'Drop', 'Grant', 'Own'] as const)
        .filter((privilege) => may(token, privilege, stage))
        .map((privilege) => `${stage.name} ${privilege}`),
    );
    expect(found).toEqual(allowed);
    expect(may(token, 'ShowStages', SERVICE)).toBe(true);
    expect(may(token, 'CreateStage', SERVICE)).toBe(false);
    expect(may(token, 'Access', CONNECTION)).toBe(false);
    expect(may(token, 'Show', { kind: 'user', id: 'u1', administers: true })).toBe(false);
  });

  it('never gives more than its user may do', () => {
    const token = of(CALLERS.reader, { privileges: ['Read', 'Write'], stages: [STAGE.id] });
    expect(may(token, 'Write', STAGE)).toBe(false);
    expect(may(of(CALLERS.nobody, { privileges: ['Read'] }), 'Read', STAGE)).toBe(false);
  });
});

describe('a refusal, in words of Databend,', () => {
  const TEAM = plainUser('u1', { roles: ['team b'], bySecondaryRole: { roles: ['team a'] } });

  it.each<[string, () => void, string]>([
    [
      'names the roles in effect',
      () => {
        requirePrivilege(TEAM, 'Write', STAGE);
      },
      `Permission denied: privilege [Write] is required on STAGE s2 for user 'u1'@'%' with roles [public,team a,team b]. ${NOTE}`,
    ],
    [
      'has a form of its own for reading',
      () => {
        requirePrivilege(TEAM, 'Read', STAGE);
      },
      "Permission denied: privilege READ is required on stage s2 for user 'u1'@'%'",
    ],
    [
      'names the current role where it alone decides',
      () => {
        requirePrivilege(TEAM, 'CreateStage', SERVICE);
      },
      `Permission denied: privilege [Super] is required on *.* for user 'u1'@'%' with roles [team b]. ${NOTE}`,
    ],
    [
      'names what is missing of two: who may read must be able to write',
      () => {
        requirePrivilege(CALLERS.reader, 'Drop', STAGE);
      },
      `Permission denied: privilege [Write] is required on STAGE s2 for user 'u1'@'%' with roles [public]. ${NOTE}`,
    ],
    [
      'spells privileges in another way',
      () => {
        requirePrivilege(TEAM, 'CreateUser', SERVICE);
      },
      `Permission denied: privilege [CreateUser] is required on *.* for user 'u1'@'%' with roles [public,team a,team b]. ${NOTE}`,
    ],
  ])('%s', (_what, attempt, message) => {
    expect(attempt).toThrow(ofKind('PermissionDenied', { message }));
  });
});
