import { deepStrictEqual, match, throws } from 'node:assert/strict';
import { test } from 'node:test';
import { cpuPlot, originNow, parseResults, toResults } from '../../../bench/results.ts';

const head = ['consumer', 'CPU-s / million', 'p50 ms', 'rows right'];
const about = {
  date: '2026-11-26T01:30:00Z',
  commit: 'abc1234',
  machine: '2 cores',
  node: 'v24.21.0',
  events: 200_000,
  short: 50_000,
  batchSize: 1_000,
  rounds: 3,
};

test('a table becomes rows of numbers and texts, and is read back from its JSON as it was', () => {
  const results = toResults(about, head, [
    ['shipped', '29.04', '67', 'yes'],
    ['Bento', '133.40', '', 'late written too (30)'],
  ]);
  deepStrictEqual(results.rows, [
    { consumer: 'shipped', 'CPU-s / million': 29.04, 'p50 ms': 67, 'rows right': 'yes' },
    {
      consumer: 'Bento',
      'CPU-s / million': 133.4,
      'p50 ms': null,
      'rows right': 'late written too (30)',
    },
  ]);
  deepStrictEqual(parseResults(JSON.stringify(results)), results);
});

test('a measurement of this run is read back too', async () => {
  const results = toResults({ ...about, ...(await originNow()) }, head, []);
  deepStrictEqual(parseResults(JSON.stringify(results)), results);
});

test('a plot has the bars in the order of the table, with date, commit and machine', () => {
  const results = toResults(about, head, [
    ['shipped', '29.04', '67', 'yes'],
    ['naive', '78.40', '', 'no: 3 of 4'],
    ['public API', '52.70', '64', 'yes'],
  ]);
  const { bars, subtitle, unit } = cpuPlot(results);
  deepStrictEqual(bars, [
    { name: 'shipped', value: 29.04 },
    { name: 'naive (rows wrong)', value: 78.4 },
    { name: 'public API', value: 52.7 },
  ]);
  deepStrictEqual(subtitle, [
    '2026-11-26, commit abc1234, median of 3 rounds of 200,000 events',
    '2 cores, Node 24.21.0',
  ]);
  match(unit, /CPU-seconds/);
});

test('results without a figure are not drawn', () => {
  const results = toResults(about, head, [['shipped', 'NaN', '67', 'yes']]);
  throws(() => cpuPlot(results), /CPU-s \/ million/);
});
