import { pairedChange } from '../../../bench/report/stats.mjs';

const ones = (count: number) => Array.from({ length: count }, () => 1);
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

describe('the change between two builds', () => {
  it('is the median of the ratios within rounds', () => {
    expect(pairedChange([10, 40, 90], [10, 20, 30]).ratio).toBe(2);
  });

  // The ranks are those of a sign test at 5 %.
  it.each([
    [6, 1, 6],
    [9, 2, 8],
    [20, 6, 15],
  ])('of %d rounds has a 95 % interval from value %d to value %d', (rounds, low, high) => {
    expect(pairedChange(upTo(rounds), ones(rounds))).toMatchObject({ low, high });
  });

  it('has no interval where the rounds are too few', () => {
    expect(pairedChange(upTo(5), ones(5))).toMatchObject({ low: null, high: null });
  });
});
