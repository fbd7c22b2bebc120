import { jest } from '@jest/globals';
import { LowestRate } from '../../../src/upload/body/lowest-rate.js';

const WINDOW_MS = 10_000;

let complaints: number;

function rateOf(minBytesPerSecond: number): LowestRate {
  return new LowestRate({ minBytesPerSecond, rateWindowMs: WINDOW_MS }, () => complaints++);
}

/** A step each second. */
function pass(seconds: number, everySecond: (second: number) => void = () => undefined): void {
  for (let second = 0; second < seconds; second++) {
    everySecond(second);
    jest.advanceTimersByTime(1_000);
  }
}

beforeEach(() => {
  complaints = 0;
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

describe('the lowest rate of an upload', () => {
  it('is told of when too little has come in a whole window', () => {
    const rate = rateOf(100);
    pass(9, () => {
      rate.count(50);
    });
    expect(complaints).toBe(0);
    pass(1);
    expect(complaints).toBe(1);
    rate.stop();
  });

  it('is kept by as much as it asks, however it comes', () => {
    const rate = rateOf(100);
    pass(1, () => {
      rate.count(1_000);
    });
    pass(9);
    expect(complaints).toBe(0);
    rate.stop();
  });

  it('is judged by each window alone: an early rush is no excuse', () => {
    const rate = rateOf(100);
    rate.count(1_000_000);
    pass(10);
    expect(complaints).toBe(0);
    pass(10);
    expect(complaints).toBe(1);
    rate.stop();
  });

  it('does not count the time in which nothing was asked for', () => {
    const rate = rateOf(100);
    pass(10, (second) => {
      if (second === 4) rate.pause();
      if (second === 8) rate.resume();
      if (second < 4 || second >= 8) rate.count(100); // 600 bytes in 6 seconds
    });
    expect(complaints).toBe(0);
    rate.stop();
  });

  it('counts the time in which it was asked for, around a pause', () => {
    const rate = rateOf(100);
    pass(10, (second) => {
      if (second === 2) rate.pause();
      if (second === 4) rate.resume();
      if (second >= 4) rate.count(10);
    });
    expect(complaints).toBe(1);
    rate.stop();
  });

  it('judges no window of which most was a pause, also one that began before', () => {
    const rate = rateOf(100);
    rate.pause();
    pass(26);
    rate.resume();
    pass(4);
    expect(complaints).toBe(0);
    pass(10);
    expect(complaints).toBe(1);
    rate.stop();
  });

  it('does not mind when the clock is set', () => {
    const rate = rateOf(100);
    pass(10, (second) => {
      if (second === 2) rate.pause();
      if (second === 3) jest.setSystemTime(Date.now() + 3_600_000);
      if (second === 4) rate.resume();
    });
    expect(complaints).toBe(1);
    rate.stop();
  });

  it('of zero bounds nothing, and no timer runs', () => {
    const rate = rateOf(0);
    expect(jest.getTimerCount()).toBe(0);
    pass(30);
    expect(complaints).toBe(0);
    rate.stop();
  });

  it('is not judged when it was stopped', () => {
    const rate = rateOf(100);
    rate.stop();
    pass(30);
    expect(complaints).toBe(0);
    expect(jest.getTimerCount()).toBe(0);
  });
});
