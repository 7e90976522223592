import { deepStrictEqual, match, rejects, strictEqual } from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createTopic } from '../../packages/local-kafka-trigger/test/support/kafka-topic.ts';
import { encode } from '../support/avro.ts';
import { handleTopic } from '../support/handle-topic.ts';
import { openKeyspace } from '../support/keyspace.ts';
import { operate } from '../support/operate.ts';

const noon = Date.UTC(2026, 10, 28, 12);
const eventAt = (time: number, type = 'click'): Buffer =>
  encode({ event_time: time, event_type: type });

interface Step {
  readonly step: string;
  readonly source: string;
  readonly says: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** A topic of one partition with some values, and a keyspace that they have been handled into. */
const handled = async (t: TestContext, values: readonly (Buffer | null)[]) => {
  const topic = await createTopic(t, 1);
  const keyspace = await openKeyspace();
  t.after(() => keyspace[Symbol.asyncDispose]());
  const timestamp = BigInt(noon + 600_000);
  const messages = values.map((value) => ({
    partition: 0,
    timestamp,
    ...(value !== null && { value }),
  }));
  await topic.produce(messages);
  await handleTopic(topic, keyspace);
  const { environment } = keyspace;
  const trace = async (offset: number, ...options: readonly string[]) => {
    const { exitCode, printed } = await operate(
      ['trace', `${topic.name}/0/${offset}`, '--json', ...options],
      { environment, bootstrapServers: topic.bootstrapServers },
    );
    const steps = printed.map((line) => JSON.parse(line) as Step);
    const named = (name: string): Step | undefined => steps.find(({ step }) => step === name);
    return { exitCode, steps, named };
  };
  return { topic, keyspace, environment, messages, trace };
};

test('trace follows an event on time from its bytes to its row', async (t) => {
  const { trace } = await handled(t, [eventAt(noon)]);
  const { exitCode, steps, named } = await trace(0);
  strictEqual(exitCode, 0);
  deepStrictEqual(
    steps.map(({ step, source }) => `${step}: ${source}`),
    [
      'record: recorded',
      'wire format: recomputed',
      'event: recomputed',
      'checkpoint: recorded',
      'watermark: recomputed',
      'verdict: recomputed',
      'row: recorded',
    ],
  );
  match(named('wire format')?.says ?? '', /^The value is bare, first byte 0x48\.$/);
  strictEqual(named('event')?.facts['event_time'], '2026-11-28T12:00:00.000Z');
  match(named('checkpoint')?.says ?? '', /below offset 1 is handled: this one is\.$/);
  match(named('watermark')?.says ?? '', /^There was no watermark before it/);
  strictEqual(named('verdict')?.says, 'It is on time.');
  strictEqual(named('row')?.says, 'user_events has its row.');
});

test('trace tells the watermark that a late event was behind, as it is on record', async (t) => {
  const { trace } = await handled(t, [eventAt(noon), eventAt(noon - 120_001, 'late')]);
  const { named } = await trace(1);
  strictEqual(named('watermark')?.source, 'recorded');
  match(named('watermark')?.says ?? '', /^The watermark was 2026-11-28T11:58:00\.000Z when/);
  match(named('verdict')?.says ?? '', /^It is rejected: late, /);
  match(named('row')?.says ?? '', /^rejected_events has it, with the reason late\.$/);
});

test('trace tells why a value is no event, without needing its watermark', async (t) => {
  const { trace } = await handled(t, [eventAt(noon), Buffer.from('no event'), null]);
  const broken = await trace(1);
  strictEqual(broken.exitCode, 0);
  match(broken.named('event')?.says ?? '', /^It is no event: undecodable, /);
  match(broken.named('row')?.says ?? '', /with the reason undecodable\.$/);
  const tombstone = await trace(2);
  match(tombstone.named('event')?.says ?? '', /^It is no event: tombstone, /);
  strictEqual(tombstone.named('wire format')?.says, 'There is none: the record has no value.');
});

test('trace follows a record whose timestamp no calendar has, for Kafka may take any number', async (t) => {
  const { trace, topic } = await handled(t, [eventAt(noon)]);
  const far = 9_000_000_000_000_000n;
  await topic.produce([{ partition: 0, timestamp: far, value: eventAt(noon + 1, 'far') }]);
  const { exitCode, named } = await trace(1);
  strictEqual(exitCode, 0);
  match(named('record')?.says ?? '', /a timestamp beyond the year 9999: 9000000000000000\.$/);
  strictEqual(named('record')?.facts['timestamp'], null);
  strictEqual(named('verdict')?.says, 'It is on time.');
});

test('trace tells that another event has the row of an event that was superseded', async (t) => {
  const first = encode({ event_time: noon, metadata: { page: 'one' } });
  const { trace } = await handled(t, [first, encode({ event_time: noon, metadata: {} })]);
  const { named } = await trace(0);
  match(named('row')?.says ?? '', /^user_events has another event in its row/);
  match((await trace(1)).named('row')?.says ?? '', /^user_events has its row\.$/);
});

test('trace says of a record that is not handled yet that it waits', async (t) => {
  const { trace, topic, messages } = await handled(t, [eventAt(noon)]);
  await topic.produce([{ ...messages[0], value: eventAt(noon + 1, 'new') }]);
  const { named } = await trace(1);
  match(named('checkpoint')?.says ?? '', /this one is not yet\.$/);
  match(named('row')?.says ?? '', /^No table has it: it waits\.$/);
});

test('trace does not tell a verdict that rests on records that were not read', async (t) => {
  const values = Array.from({ length: 10 }, (_, index) => eventAt(noon + index, `e${index}`));
  const { trace } = await handled(t, values);
  const { exitCode, named } = await trace(9, '--back', '3');
  strictEqual(exitCode, 2);
  strictEqual(named('watermark')?.source, 'unknown');
  match(
    named('watermark')?.says ?? '',
    /3 records before it .* at least 2026-11-28T11:58:00\.008Z/,
  );
  strictEqual(named('verdict')?.source, 'unknown');
});

test('trace says what a topic does not have: a record before its beginning, or beyond its end', async (t) => {
  const { trace, topic } = await handled(t, [eventAt(noon), eventAt(noon + 1)]);
  await topic.deleteBelow(0, 1);
  const before = await trace(0);
  strictEqual(before.exitCode, 2);
  match(before.steps[0]?.says ?? '', /begins at offset 1: the topic has no record 0 any more/);
  match((await trace(5)).steps[0]?.says ?? '', /ends at offset 2: there is no record 5 yet/);
});

test('trace refuses what is no place of a record', async () => {
  for (const place of ['x', 'a/b/c', 'a/1', '/0/0', 'a/0/99999999999999999999'])
    await rejects(operate(['trace', place]), { message: /^A record is named/ });
});
