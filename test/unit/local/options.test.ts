import { deepStrictEqual, strictEqual, throws } from 'node:assert/strict';
import { test } from 'node:test';
import { wholeNumber } from '../../../cli/terminal/whole-number.ts';
import { readOptions } from '../../../local/options.ts';

test('an option’s whole number is read between both ends, and anything else is refused with the range', () => {
  const read = wholeNumber(1, 10);
  deepStrictEqual(['1', '10'].map(read), [1, 10]);
  for (const text of ['0', '11', '1.5', '-1', '1e1', ' 1', ''])
    throws(() => read(text), { message: 'It must be a whole number, 1 to 10.' }, text);
});

test('npm start without options produces 100,000 events to six partitions with seed 1', () => {
  const { events, partitions, seed, follow, batchSize, rate } = readOptions([]);
  deepStrictEqual(
    { events, partitions, seed, follow, batchSize, rate },
    { events: 100_000, partitions: 6, seed: 1, follow: false, batchSize: 1_000, rate: undefined },
  );
});

test('npm start takes each option that is given', () => {
  const { events, follow } = readOptions(['--events', '5', '--follow']);
  deepStrictEqual([events, follow], [5, true]);
  strictEqual(readOptions(['--kafka-port', '9092']).kafkaPort, 9092);
  strictEqual(readOptions([]).format, 'avro');
  strictEqual(readOptions(['--format', 'json']).format, 'json');
});

test('npm start --follow has rounds of five seconds, unless the events of a round are given', () => {
  strictEqual(readOptions(['--follow']).events, 1_000);
  strictEqual(readOptions(['--follow', '--rate', '500']).events, 2_500);
  strictEqual(readOptions(['--follow', '--events', '7']).events, 7);
});

test('npm start keeps its servers where a terminal watches, unless it is told', () => {
  deepStrictEqual(
    [[], ['--keep'], ['--no-keep']].map((argv) => readOptions(argv).keep),
    [undefined, true, false],
  );
});
