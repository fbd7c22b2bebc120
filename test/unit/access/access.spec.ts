import { isVisible, may, requirePrivilege } from '../../../src/access/access.js';
import { principalOf } from '../../../src/access/principal.js';
import { SERVICE, type Objects } from '../../../src/access/privileges.js';
import { ofKind } from '../of-kind.js';

const ADMIN = principalOf({ name: 'root', isAdmin: true, credential: '' });
const USER = principalOf({ name: 'u1', isAdmin: false, credential: '' });
const NOTE =
  'Note: Please ensure that your current role have the appropriate permissions to create a new Object';
const NAMED: Objects['stage'] = { kind: 'stage', name: 's2' };
const own = (owner: string): Objects['stage'] => ({ kind: 'stage', name: '~', owner });

describe('a user who is no admin', () => {
  it.each<[string, () => void, string]>([
    [
      'write to a named stage',
      () => {
        requirePrivilege(USER, 'Write', NAMED);
      },
      `Permission denied: privilege [Write] is required on STAGE s2 for user 'u1'@'%' with roles [public]. ${NOTE}`,
    ],
    [
      'read one',
      () => {
        requirePrivilege(USER, 'Read', NAMED);
      },
      "Permission denied: privilege READ is required on stage s2 for user 'u1'@'%'",
    ],
    [
      'create one',
      () => {
        requirePrivilege(USER, 'CreateStage', SERVICE);
      },
      `Permission denied: privilege [Super] is required on *.* for user 'u1'@'%' with roles [public]. ${NOTE}`,
    ],
  ])('may not %s, and is told so in words of Databend', (_what, attempt, message) => {
    expect(attempt).toThrow(ofKind('PermissionDenied', { message }));
  });

  it('may do everything with its own stage, and nothing with that of another', () => {
    for (const privilege of ['Read', 'Write'] as const) {
      requirePrivilege(USER, privilege, own('u1'));
      expect(() => {
        requirePrivilege(USER, privilege, own('root'));
      }).toThrow(ofKind('PermissionDenied'));
    }
  });
});

it('an admin may do everything', () => {
  requirePrivilege(ADMIN, 'CreateStage', SERVICE);
  for (const privilege of ['Read', 'Write'] as const) requirePrivilege(ADMIN, privilege, NAMED);
});

it('an object is visible to who has any privilege on it', () => {
  expect([ADMIN, USER].map((principal) => isVisible(principal, NAMED))).toEqual([true, false]);
  expect(isVisible(USER, own('u1'))).toBe(true);
  expect(isVisible(USER, own('root'))).toBe(false);
});

it('what became of an upload is for its sender and administrators', () => {
  const upload: Objects['upload'] = { kind: 'upload', owner: 'u2' };
  expect([ADMIN, USER].map((principal) => may(principal, 'Read', upload))).toEqual([true, false]);
  expect(may(USER, 'Read', { ...upload, owner: 'u1' })).toBe(true);
});
