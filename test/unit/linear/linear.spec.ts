import { expectLinear, rowOf } from './linear.js';

const LENGTH = 16 * 1024;

describe('the bound of time that grows with the length', () => {
  it('holds what takes the length once, or hardly more', async () => {
    const input = rowOf('a b ');
    await expectLinear({ input, scan: (text) => text.split(' '), length: LENGTH });
    await expectLinear({ input, scan: (text) => Array.from(text).sort(), length: LENGTH });
  });

  it('does not hold what takes the square of the length', async () => {
    const scan = (text: string): boolean => / +$/.test(text);
    const measuring = expectLinear({ input: rowOf(' ', '', 'x'), scan, length: LENGTH });
    await expect(measuring).rejects.toThrow('<= 48');
  });
});
