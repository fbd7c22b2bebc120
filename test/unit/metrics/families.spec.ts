import { Registry } from 'prom-client';
import { CounterFamily, HistogramFamily } from '../../../src/metrics/families.js';

const LABELS = { kind: ['a', 'b'], outcome: ['good', 'bad'] };

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

describe('a counter', () => {
  it('has a zero for each combination of labels before anything is counted', async () => {
    const registry = new Registry();
    new CounterFamily({ name: 'things_total', help: 'Things', labels: LABELS, registry });
    expect(linesOf(await registry.metrics())).toEqual([
      'things_total{kind="a",outcome="good"} 0',
      'things_total{kind="a",outcome="bad"} 0',
      'things_total{kind="b",outcome="good"} 0',
      'things_total{kind="b",outcome="bad"} 0',
    ]);
  });

  it('counts by the values of its labels, also for those that are added later', async () => {
    const registry = new Registry();
    const things = new CounterFamily({ name: 'things_total', help: 'Things', labels: LABELS, registry });
    things.child('b', 'good').inc();
    things.child('b', 'good').inc(2);
    things.child('c', 'good').inc();
    const lines = linesOf(await registry.metrics());
    expect(lines).toContain('things_total{kind="b",outcome="good"} 3');
    expect(lines).toContain('things_total{kind="c",outcome="good"} 1');
  });

  it('without labels has one sample', async () => {
    const registry = new Registry();
    new CounterFamily({ name: 'things_total', help: 'Things', labels: {}, registry }).child().inc();
    expect(linesOf(await registry.metrics())).toEqual(['things_total 1']);
  });
});

describe('a histogram', () => {
  it('has all its buckets before anything is observed, and counts in those that hold the value', async () => {
    const registry = new Registry();
    const time = newHistogram(registry);
    expect(linesOf(await registry.metrics())).toEqual([
      'time_seconds_bucket{le="1",kind="a"} 0',
      'time_seconds_bucket{le="2",kind="a"} 0',
      'time_seconds_bucket{le="+Inf",kind="a"} 0',
      'time_seconds_sum{kind="a"} 0',
      'time_seconds_count{kind="a"} 0',
    ]);
    time.child('a').observe(1.5);
    expect(linesOf(await registry.metrics())).toEqual([
      'time_seconds_bucket{le="1",kind="a"} 0',
      'time_seconds_bucket{le="2",kind="a"} 1',
      'time_seconds_bucket{le="+Inf",kind="a"} 1',
      'time_seconds_sum{kind="a"} 1.5',
      'time_seconds_count{kind="a"} 1',
    ]);
  });

  it('forgets no value, however many come between two scrapes', async () => {
    const registry = new Registry();
    const child = newHistogram(registry).child('a');
    for (let i = 0; i < 1000; i++) child.observe(1.5);
    expect(linesOf(await registry.metrics())).toContain('time_seconds_count{kind="a"} 1000');
    child.observe(0.5);
    const lines = linesOf(await registry.metrics());
    expect(lines).toContain('time_seconds_bucket{le="1",kind="a"} 1');
    expect(lines).toContain('time_seconds_count{kind="a"} 1001');
  });
});

function newHistogram(registry: Registry): HistogramFamily {
  return new HistogramFamily({
    name: 'time_seconds',
    help: 'Time',
    labels: { kind: ['a'] },
    buckets: [1, 2],
    registry,
  });
}
