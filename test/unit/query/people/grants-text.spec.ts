import { SERVICE_PRIVILEGES } from '../../../../src/access/service-privileges.js';
import { inOrder } from '../../../../src/people/grants/privilege-order.js';
import {
  rowsOfGrantee,
  rowsOfMembers,
  rowsOnObject,
} from '../../../../src/query/statements/people/grants-text.js';
import { servicePrivileges } from '../../../../src/query/statements/people/service-privileges.js';

const NOTHING = { roles: [], grants: [], owned: [] };

describe('the rows of SHOW GRANTS', () => {
  it('have keys in their order, also beyond nine', () => {
    const names = Array.from({ length: 12 }, (_, index) => `r${String(index)}`);
    const rows = rowsOfGrantee({ ...NOTHING, kind: 'user', name: 'u', roles: names }, { expandRoles: false });
    const keys = rows.map(([key]) => String(key));
    expect(keys.toSorted()).toEqual(keys);
    expect(new Set(keys).size).toBe(12);
  });

  it('say ALL only for all privileges', () => {
    const textOf = (privileges: readonly string[]): unknown =>
      rowsOfGrantee(
        { ...NOTHING, kind: 'role', name: 'r', grants: [{ kind: 'service', name: '', privileges }] },
        { expandRoles: true },
      )[0]?.at(-1);
    expect(textOf(SERVICE_PRIVILEGES)).toBe('GRANT ALL ON *.* TO ROLE `r`');
    const most = SERVICE_PRIVILEGES.slice(0, -1);
    expect(textOf(most)).toBe(`GRANT ${most.join(',')} ON *.* TO ROLE \`r\``);
  });

  it('name no roles of account_admin, which has all', () => {
    const listed = { ...NOTHING, kind: 'role' as const, name: 'account_admin', roles: ['public'] };
    expect(rowsOfGrantee(listed, { expandRoles: false })).toEqual([]);
  });

  it('show roles alone on an object, and its owner last', () => {
    const grants = [
      { kind: 'user' as const, name: 'u', privileges: ['Read'] },
      { kind: 'role' as const, name: 'r', privileges: ['Read', 'Write'] },
    ];
    expect(rowsOnObject({ name: 's', grants, owner: 'o' }).map((row) => row.slice(1))).toEqual([
      ['Read,Write', 's', null, 'ROLE', 'r', ''],
      ['OWNERSHIP', 's', null, 'ROLE', 'o', ''],
    ]);
    expect(rowsOnObject({ name: 's', grants: [], owner: undefined })).toEqual([]);
  });

  it('show members of a role', () => {
    expect(rowsOfMembers('r', [{ kind: 'user', name: 'u' }]).map((row) => row.slice(1))).toEqual([
      ['r', 'USER', 'u'],
    ]);
  });
});

describe('privileges on the service', () => {
  it('stand in the order in which Databend shows them, each once', () => {
    expect(inOrder(['INSERT', 'SELECT', 'USAGE', 'SELECT'])).toEqual(['USAGE', 'SELECT', 'INSERT']);
  });

  it('are all of them for ALL', () => {
    expect(servicePrivileges('all')).toBe(SERVICE_PRIVILEGES);
    expect(servicePrivileges(['SELECT'])).toEqual(['SELECT']);
  });
});
