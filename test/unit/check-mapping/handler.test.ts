import { deepStrictEqual, match, notStrictEqual, ok, rejects } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type CheckEvent, handler } from '../../../functions/check-mapping/handler.ts';
import type { FixedSettings } from '../../../functions/check-mapping/mapping-change.ts';

const settings: FixedSettings = {
  Topic: 'user-events',
  ConsumerGroup: 'to-cassandra',
  StartingPosition: 'trim-horizon',
  Source: 'arn:aws:kafka:eu-west-1:111122223333:cluster/a/1',
  Generation: '1',
};
const create = async (given = settings): Promise<string> =>
  (await handler({ RequestType: 'Create', ResourceProperties: given })).PhysicalResourceId;

/** Plays CloudFormation: the id that the resource has after an update, and what is sent in the rollback of one. */
const update = async (id: string, before: FixedSettings, wanted: FixedSettings): Promise<string> =>
  (
    await handler({
      RequestType: 'Update',
      PhysicalResourceId: id,
      OldResourceProperties: before,
      ResourceProperties: wanted,
    })
  ).PhysicalResourceId;

const refusal = async (change: Partial<FixedSettings>): Promise<string> => {
  const id = await create();
  let said = '';
  await rejects(update(id, settings, { ...settings, ...change }), (error: Error) => {
    said = error.message;
    return error.name === 'MappingChangeError';
  });
  return said;
};

test('another topic is refused: AWS would go on reading the old one, and the message says how a new mapping is made', async () => {
  const said = await refusal({ Topic: 'another' });
  match(said, /cannot be changed in topic \(user-events → another\)/);
  match(
    said,
    /what it has not read of user-events is not read any more, so wait until its lag is 0/,
  );
  match(said, /set mapping\.generation to 2, and deploy/);
  ok(!said.includes('delete-event-source-mapping'), said);
});

test('another group or starting position is refused, and the message says that the old mapping is deleted first', async () => {
  for (const change of [{ ConsumerGroup: 'other' }, { StartingPosition: 'latest' }]) {
    const said = await refusal(change);
    match(said, /delete-event-source-mapping --uuid/);
    match(said, /set mapping\.generation to 2, and deploy/);
  }
  match(
    await refusal({
      ConsumerGroup: 'other',
      StartingPosition: 'at-timestamp 2026-01-01T00:00:00Z',
    }),
    /consumerGroup \(to-cassandra → other\) and mapping\.startingPosition \(trim-horizon → at-timestamp 2026/,
  );
});

test('with another generation every change is accepted, for it makes a new mapping', async () => {
  const wanted = { ...settings, Topic: 'another', ConsumerGroup: 'other', Generation: '2' };
  notStrictEqual(await update(await create(), settings, wanted), await create());
});

test('a generation that only begins with the digits of the last one is another one', async () => {
  const wanted = { ...settings, Topic: 'another', Generation: '12' };
  deepStrictEqual(await update(await create(), settings, wanted), await create(wanted));
});

test('with another source every change is accepted, for CloudFormation itself makes a new mapping', async () => {
  const wanted = { ...settings, Source: 'kafka-1:9096,kafka-2:9096', Topic: 'another' };
  deepStrictEqual(await update(await create(), settings, wanted), await create(wanted));
});

test('the rollback of a refused change is accepted, and so is the deploy after it', async () => {
  const id = await create();
  const wanted = { ...settings, Topic: 'another' };
  await rejects(update(id, settings, wanted));
  // CloudFormation asks for the old settings, and calls the refused ones old.
  deepStrictEqual(await update(id, wanted, settings), id);
  await rejects(update(id, settings, wanted));
});

test('every rollback is accepted with the id of the old settings, whatever the change was and whichever id CloudFormation sends in it', async () => {
  const value = fc.constantFrom('a', 'b');
  const any = fc.record({
    Topic: value,
    ConsumerGroup: value,
    StartingPosition: value,
    Source: value,
    Generation: fc.constantFrom('1', '2', '12'),
  });
  await fc.assert(
    fc.asyncProperty(any, any, async (before, wanted) => {
      const id = await create(before);
      const changed = await update(id, before, wanted).catch(() => id);
      for (const sent of [id, changed])
        deepStrictEqual(await update(sent, wanted, before), await create(before));
    }),
  );
});

test('a deletion keeps the id, also of settings that were refused', async () => {
  const event: CheckEvent = {
    RequestType: 'Delete',
    PhysicalResourceId: 'mapping-1-x',
    ResourceProperties: settings,
  };
  deepStrictEqual(await handler(event), { PhysicalResourceId: 'mapping-1-x' });
});

test('the longest refusal leaves room in the 4,096 bytes that CloudFormation takes of an answer', async () => {
  const said = await refusal({
    Topic: 't'.repeat(249),
    ConsumerGroup: 'g'.repeat(200),
    StartingPosition: 'at-timestamp 2026-01-01T00:00:00Z',
  });
  // The framework adds the name of a log group and some lines of a stack.
  ok(Buffer.byteLength(said) < 2500, `${Buffer.byteLength(said)}`);
});
