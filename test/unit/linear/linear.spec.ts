import { expectLinear, rowOf } from './linear.js';

const LENGTH = 16 * 1024;

describe('the bound of time that grows with the length', () => {
  it('holds what takes the length once, or hardly more', async () => {
    const input = rowOf('a b ');
    await expectLinear({ input, scan: (text) => text.split(' '), length: LENGTH });
    await expectLinear({ input, scan: (text) => Array.from(text).sort(), length: LENGTH });
  });

  it('does not hold what takes the square of the length, unless its half is late three times', async () => {
    const scan = (text: string): boolean => / +$/.test(text);
    const problems: unknown[] = [];
    for (let attempt = 0; attempt < 3 && problems.length === 0; attempt++) {
      await expectLinear({ input: rowOf(' ', '', 'x'), scan, length: LENGTH }).catch((error: unknown) =>
        problems.push(error),
      );
    }
    expect(String(problems[0])).toContain('2.5');
  });
});
