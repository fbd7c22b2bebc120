import { requireAdmin, requirePrivilege } from '../../../src/stages/stage-access.js';
import type { Stage } from '../../../src/stages/catalog/stage.js';
import { ofKind } from '../of-kind.js';

const ADMIN = { name: 'root', isAdmin: true, credential: '' };
const USER = { name: 'u1', isAdmin: false, credential: '' };
const NOTE =
  'Note: Please ensure that your current role have the appropriate permissions to create a new Object';
const NAMED: Stage = {
  kind: 'internal',
  id: 'id-1',
  name: 's2',
  fileFormat: {},
  comment: '',
  creator: "'root'@'%'",
  createdOn: new Date(0),
};

describe('a user who is no admin', () => {
  it.each<[string, () => void, string]>([
    [
      'write to a named stage',
      () => {
        requirePrivilege(USER, NAMED, 'Write');
      },
      `Permission denied: privilege [Write] is required on STAGE s2 for user 'u1'@'%' with roles [public]. ${NOTE}`,
    ],
    [
      'read one',
      () => {
        requirePrivilege(USER, NAMED, 'Read');
      },
      "Permission denied: privilege READ is required on stage s2 for user 'u1'@'%'",
    ],
    [
      'create one',
      () => {
        requireAdmin(USER);
      },
      `Permission denied: privilege [Super] is required on *.* for user 'u1'@'%' with roles [public]. ${NOTE}`,
    ],
  ])('may not %s, and is told so in words of Databend', (_what, attempt, message) => {
    expect(attempt).toThrow(ofKind('PermissionDenied', { message }));
  });

  it('may do everything with its own stage, and nothing with that of another', () => {
    for (const privilege of ['Read', 'Write'] as const) {
      requirePrivilege(USER, { kind: 'user', name: '~', owner: 'u1' }, privilege);
      expect(() => {
        requirePrivilege(USER, { kind: 'user', name: '~', owner: 'root' }, privilege);
      }).toThrow(ofKind('PermissionDenied'));
    }
  });
});

it('an admin may do everything', () => {
  requireAdmin(ADMIN);
  for (const privilege of ['Read', 'Write'] as const) requirePrivilege(ADMIN, NAMED, privilege);
});
