import { overwritePolicy } from '../../../src/upload/headers/upload-overwrite.js';
import type { UploadCondition } from '../../../src/upload/files/file-upload.js';
import { ofKind } from '../of-kind.js';

const HEADER = 'x-stagedoor-overwrite';

describe('what an upload does with a file of its name', () => {
  it.each([
    [undefined, 'overwrite'],
    ['overwrite', 'overwrite'],
    ['skip', 'skip'],
    ['fail', 'fail'],
    ['skip-if-same', 'skip-if-same'],
    [' Skip ', 'skip'],
  ])('of %j is %s', (value, policy) => {
    expect(overwritePolicy({ [HEADER]: value })).toBe(policy);
  });

  it.each(['', 'yes', 'true', 'skip, fail', 'skipifsame', '__proto__'])('of %j is refused', (value) => {
    expect(() => overwritePolicy({ [HEADER]: value })).toThrow(ofKind('MalformedHeader'));
  });

  it.each(['skip', 'fail', 'skip-if-same'])('%s contradicts a condition', (value) => {
    const condition: UploadCondition = { kind: 'absent' };
    expect(() => overwritePolicy({ [HEADER]: value }, condition)).toThrow(ofKind('ConflictingHeaders'));
    expect(overwritePolicy({ [HEADER]: 'overwrite' }, condition)).toBe('overwrite');
    expect(overwritePolicy({}, condition)).toBe('overwrite');
  });
});
