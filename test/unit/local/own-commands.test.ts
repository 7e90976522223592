import { deepStrictEqual, match, ok } from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { consumeCommand } from '../../../local/consume.ts';
import { cqlCommand } from '../../../local/cql.ts';
import { produceCommand } from '../../../local/produce.ts';
import { parsedBy } from '../../support/command-line.ts';

const commands = { consume: consumeCommand, produce: produceCommand, cql: cqlCommand };
const variables = ['CASSANDRA_KEYSPACE', 'CONSUMER_GROUP_ID'];
const before = variables.map((name) => [name, process.env[name]] as const);
const clear = () => {
  for (const name of variables) delete process.env[name];
};
beforeEach(clear);
// `process.env` itself stays: other tests of this process change the real environment through it.
afterEach(() => {
  clear();
  for (const [name, value] of before) if (value !== undefined) process.env[name] = value;
});

const consume = parsedBy(consumeCommand);
const produce = parsedBy(produceCommand);
const cql = parsedBy(cqlCommand);

const usual = {
  ...{ keyspace: 'user_events', from: 'earliest', untilEnd: false, batchSize: 1_000 },
  ...{ partitions: 6, json: false },
};

test('consume goes on in a keyspace and a group that are always the same, unless others are named', () => {
  deepStrictEqual(consume('t'), { given: ['t', usual] });
  deepStrictEqual(consume('t', '--keyspace', 'mine', '--group', 'g', '--until-end', '--no-keep'), {
    given: ['t', { ...usual, keyspace: 'mine', group: 'g', untilEnd: true, keep: false }],
  });
});

test('consume takes the keyspace and the group of the environment, and what is given wins', () => {
  process.env['CASSANDRA_KEYSPACE'] = 'of_environment';
  process.env['CONSUMER_GROUP_ID'] = 'group';
  const { given } = consume('t', '--group', 'other') as { given: readonly unknown[] };
  deepStrictEqual(given[1], { ...usual, keyspace: 'of_environment', group: 'other' });
});

test('produce writes Avro unless another format is named', () => {
  const usual = { format: 'avro', partitions: 6, fill: false, skipBad: false, json: false };
  deepStrictEqual(produce('-', '--topic', 't'), { given: ['-', { ...usual, topic: 't' }] });
  deepStrictEqual(
    produce('f', '--topic', 't', '--format', 'confluent', '--registry', 'http://r', '--fill'),
    {
      given: ['f', { ...usual, topic: 't', format: 'confluent', registry: 'http://r', fill: true }],
    },
  );
});

test('cql takes one statement', () => {
  deepStrictEqual(cql('SELECT 1', '--json'), {
    given: ['SELECT 1', { keyspace: 'user_events', json: true }],
  });
});

for (const [what, parsed, sentence] of [
  ['an unknown option of consume', () => consume('t', '--form', 'latest'), /Did you mean --from/],
  ['a second topic', () => consume('t', 'u'), /too many arguments/],
  ['a consume without topic', () => consume(), /missing required argument 'topic'/],
  ['a position that is none', () => consume('t', '--from', '5'), /earliest, latest/],
  ['a keyspace that is no name', () => consume('t', '--keyspace', '9'), /1 to 48 letters/],
  ['a group that is no name', () => consume('t', '--group', 'a b'), /1 to 200 of letters/],
  ['a batch of none', () => consume('t', '--batch-size', '0'), /a whole number, 1 to 10000/],
  ['a produce without topic', () => produce('f'), /'--topic <name>' not specified/],
  ['a second file', () => produce('f', 'g', '--topic', 't'), /too many arguments/],
  ['an unknown format', () => produce('f', '--topic', 't', '--format', 'xml'), /avro, json/],
  ['an unquoted statement', () => cql('SELECT', '1'), /too many arguments/],
] as const)
  test(`${what} is refused with a sentence`, () => {
    const result = parsed();
    ok('refused' in result, JSON.stringify(result));
    match(result.refused, sentence);
  });

for (const [name, create] of Object.entries(commands))
  test(`the help of ${name} says how long it takes, has an example, and fits 80 columns`, () => {
    let help = '';
    const command = create(async () => {}).configureOutput({
      writeOut: (text) => {
        help += text;
      },
      getOutHelpWidth: () => 80,
    });
    command.outputHelp();
    match(help, /second/);
    match(help, new RegExp(`npm run ${name} -- `));
    deepStrictEqual(
      help.split('\n').filter((line) => line.length > 80),
      [],
    );
  });
