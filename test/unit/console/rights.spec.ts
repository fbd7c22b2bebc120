import {
  ALL_RIGHTS,
  mayInService,
  mayWithStage,
  NO_RIGHTS,
  parseRights,
  stageRefusal,
  type StageAction,
} from '../../../console/src/session/rights.js';

const COLUMNS = ['privileges', 'object_name', 'object_id', 'grant_to', 'name', 'grants'];
const ACTIONS: readonly StageAction[] = ['read', 'write', 'change', 'grant'];

function rights(...grants: readonly (readonly [privileges: string, on: string])[]): typeof NO_RIGHTS {
  const rows = grants.map(([privileges, on]) => {
    const name = on.replace(/^(STAGE|CONNECTION) /, '');
    return [privileges, name, null, 'USER', 'ada', `GRANT ${privileges} ON ${on} TO 'ada'@'%'`];
  });
  return parseRights(rows, COLUMNS);
}

it.each<[string, string, string]>([
  ['Read', 'STAGE s', 'read'],
  ['Write', 'STAGE s', 'write'],
  ['ALL', 'STAGE s', 'read write change'],
  ['OWNERSHIP', 'STAGE s', 'read write change grant'],
  ['Read', '*.*', 'read'],
  ['GRANT', '*.*', 'grant'],
  ['ALL', '*.*', 'read write change grant'],
  ['ACCESS CONNECTION', 'CONNECTION s', ''],
  ['Read', 'STAGE other', ''],
])('%s on %s is good for: %s', (privileges, on, allowed) => {
  const given = rights([privileges, on]);
  expect(ACTIONS.filter((action) => mayWithStage(given, action, 's')).join(' ')).toBe(allowed);
});

it('adds what several grants give', () => {
  const given = rights(['Read', 'STAGE s'], ['Write', '*.*'], ['CREATE STAGE,GRANT', '*.*']);
  expect(ACTIONS.every((action) => mayWithStage(given, action, 's'))).toBe(true);
  expect(mayInService(given, 'SUPER', 'CREATE STAGE')).toBe(true);
  expect(mayInService(given, 'CREATE USER')).toBe(false);
});

it('knows the own stage, which nobody can grant', () => {
  expect(ACTIONS.filter((action) => mayWithStage(NO_RIGHTS, action, '~'))).toEqual(['read', 'write']);
  expect(mayWithStage(ALL_RIGHTS, 'grant', '~')).toBe(false);
});

it('says exactly what is missing, as the statement that gives it', () => {
  const refusal = stageRefusal(rights(['Read', 'STAGE my stage']), 'change', 'my stage', "o'hara");
  expect(refusal).toContain('It needs WRITE on the stage my stage.');
  expect(refusal).toContain(`GRANT WRITE ON STAGE "my stage" TO USER 'o''hara';`);
  expect(stageRefusal(ALL_RIGHTS, 'change', 's', 'ada')).toBeUndefined();
});
