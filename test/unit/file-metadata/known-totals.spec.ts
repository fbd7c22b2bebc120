import { afterPrefix } from '../../../src/file-metadata/known-totals.repository.js';

describe('the first text after a prefix', () => {
  it.each([
    ['a', 'b'],
    ['stage/', 'stage0'],
    ['\ud7ff', '\ue000'],
    ['\uffff', '\u{10000}'],
    ['a\u{10FFFF}', 'b'],
    ['', '\u{10FFFF}\u{10FFFF}'],
    ['\u{10FFFF}', '\u{10FFFF}\u{10FFFF}'],
  ])('%j is %j', (prefix, after) => {
    expect(afterPrefix(prefix)).toBe(after);
    expect(Buffer.compare(Buffer.from(after), Buffer.from(`${prefix}\u{10FFFE}`))).toBe(1);
  });
});
