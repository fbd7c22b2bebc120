import { applyChange, expandsRoles, rolesOf } from '../../../../src/query/protocol/query-session.js';

const SESSION = {
  database: 'd',
  settings: { a: '1' },
  role: 'r',
  secondary_roles: ['x'],
  need_sticky: false,
};

describe('a change of a session', () => {
  it('sets the current role, and leaves the rest', () => {
    expect(applyChange(SESSION, { role: 'q' })).toEqual({ ...SESSION, role: 'q' });
  });

  it('sets secondary roles, none of them, or no choice', () => {
    expect(applyChange(SESSION, { secondaryRoles: ['y', 'z'] })).toEqual({
      ...SESSION,
      secondary_roles: ['y', 'z'],
    });
    expect(applyChange(SESSION, { secondaryRoles: [] })).toEqual({ ...SESSION, secondary_roles: [] });
    const all = applyChange(SESSION, { secondaryRoles: 'all' });
    expect(all).not.toHaveProperty('secondary_roles');
    expect(rolesOf(all)).toEqual({ role: 'r', secondaryRoles: undefined });
  });

  it('keeps the roles where others change', () => {
    expect(applyChange(SESSION, { settings: new Map([['b', '2']]) })).toEqual({
      ...SESSION,
      settings: { a: '1', b: '2' },
    });
    expect(applyChange(SESSION, undefined)).toBe(SESSION);
  });
});

describe('the setting enable_expand_roles', () => {
  it('holds unless it is 0', () => {
    expect(expandsRoles(new Map())).toBe(true);
    expect(expandsRoles(new Map([['enable_expand_roles', '1']]))).toBe(true);
    expect(expandsRoles(new Map([['enable_expand_roles', '0']]))).toBe(false);
  });
});
