import { deepStrictEqual, match, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../../../../cli/health/finding.ts';
import { judgeHealth } from '../../../../cli/health/judge.ts';
import { usualLimits } from '../../../../cli/health/limits.ts';
import type { Looked } from '../../../../cli/health/look.ts';
import type { PartitionState } from '../../../../cli/partitions/read-partitions.ts';
import type { Stack } from '../../../../cli/target/stack.ts';
import type { AlarmHealth, StackHealth } from '../../../../cli/target/stack-health.ts';
import { alarms } from '../../../../infra/config/alarms.ts';
import { settingsOf } from '../../../support/settings.ts';

const now = Date.UTC(2026, 10, 29, 12);
const minute = 60_000;
const known = <T>(value: T) => ({ kind: 'known', value }) as const;
const unknown = (why: string) => ({ kind: 'unknown', why }) as const;

const state = (
  partition: number,
  next: bigint,
  end: bigint,
  { age = 0, eventAge = 0, begin = 0n } = {},
): PartitionState => ({
  topic: 'clicks',
  partition,
  checkpoint: {
    ...{ group: 'g', topic: 'clicks', partition, nextOffset: next },
    ...{ maxEventTime: now - eventAge, earlier: new Map(), updatedAt: now - age },
  },
  extent: { begin, end },
});

const looked = (given: Partial<Looked> = {}): Looked => ({
  states: known({ partitions: [state(0, 10n, 10n)], unreached: [] }),
  waitedMs: known(new Map()),
  rejected: known({ all: {}, ofHour: {}, produced: 1_000, isIncomplete: false }),
  members: known(1),
  failed: known(null),
  stack: null,
  now,
  ...given,
});

const judged = (given: Partial<Looked>, stack: Stack | null = null): Finding[] =>
  judgeHealth({ stack, settings: settingsOf() }, looked(given), usualLimits, (...words) =>
    ['user-events', ...words].join(' '),
  );

/** The one finding that is not fine. */
const faultOf = (given: Partial<Looked>, stack: Stack | null = null): Finding => {
  const faults = judged(given, stack).filter(({ state: found }) => found !== 'fine');
  strictEqual(faults.length, 1, JSON.stringify(faults));
  return faults[0] as Finding;
};

const partitions = (...states: readonly PartitionState[]) =>
  known({ partitions: states, unreached: [] });

test('a pipeline that reads and is not behind is well, and nothing is to be done', () => {
  const findings = judged({});
  deepStrictEqual(
    findings.map(({ about, state: found, next }) => [about, found, next]),
    ['version', 'reading', 'lag', 'rejected'].map((about) => [about, 'fine', null]),
  );
});

test('a consumer group without members is wrong, for nobody reads', () => {
  const { about, state: found, says } = faultOf({ members: known(0) });
  deepStrictEqual([about, found], ['reading', 'wrong']);
  match(says, /^Nobody reads: the consumer group user-events has no members\.$/);
});

test('a partition that is further behind than the limit is named with its lag', () => {
  const { says, next } = faultOf({
    states: partitions(state(0, 10n, 10n), state(3, 0n, 100_001n)),
  });
  match(says, /^clicks\/3 is 100,001 records behind, which is more than 100,000\.$/);
  strictEqual(next, 'user-events partitions');
});

test('an old newest event is wrong only while records wait', () => {
  const old = { eventAge: 61 * minute };
  const { says } = faultOf({ states: partitions(state(0, 9n, 10n, old)) });
  match(says, /^The newest event of clicks\/0 is more than 1 h old, and records wait\.$/);
  const idle = judged({ states: partitions(state(0, 10n, 10n, old)) });
  strictEqual(
    idle.some(({ state: found }) => found !== 'fine'),
    false,
  );
});

test('a partition that stands still while its record waits is wrong, with the command that shows the record', () => {
  const standing = state(1, 120n, 150n, { age: 12 * minute });
  const { about, says, next } = faultOf({
    states: partitions(state(0, 10n, 10n), standing),
    waitedMs: known(new Map([['clicks/1', 11 * minute]])),
  });
  strictEqual(about, 'waiting');
  match(says, /^clicks\/1 has stood at offset 120 for 12 min, while 30 records wait: its record/);
  strictEqual(next, 'user-events trace clicks/1/120');
});

test('where every partition stands still the fault is not that of a record', () => {
  const { says } = faultOf({
    states: partitions(state(1, 120n, 121n, { age: 12 * minute })),
    waitedMs: known(new Map([['clicks/1', 11 * minute]])),
  });
  match(
    says,
    /1 record waits: nothing is handled\. Nobody reads, or the database cannot be written\./,
  );
});

test('an idle partition that just got a record does not stand still', () => {
  const findings = judged({
    states: partitions(state(0, 9n, 10n, { age: 600 * minute })),
    waitedMs: known(new Map([['clicks/0', 200]])),
  });
  strictEqual(
    findings.some(({ state: found }) => found !== 'fine'),
    false,
  );
});

test('records that Kafka has deleted before they were handled are lost', () => {
  const { about, says } = faultOf({
    states: partitions(state(0, 10n, 60n, { begin: 50n })),
  });
  strictEqual(about, 'lost');
  match(says, /^Kafka has deleted up to 40 records of clicks\/0 before they were handled/);
});

test('a share of broken or late records above its limit is wrong, of the records that came in the hour', () => {
  const rejected = (ofHour: Record<string, number>, produced: number | null = 1_000) =>
    known({ all: ofHour, ofHour, produced, isIncomplete: false });
  match(
    faultOf({ rejected: rejected({ undecodable: 11, late: 3 }) }).says,
    /^Rejected in the last hour, in which 1,000 records came: 11 undecodable, 3 late\. More than 1 % of the hour’s are broken\.$/,
  );
  match(
    faultOf({ rejected: rejected({ late: 101 }) }).says,
    /More than 10 % of the hour’s are late/,
  );
  for (const fine of [
    rejected({ undecodable: 10 }),
    rejected({ late: 100 }),
    rejected({ late: 500 }, null),
    known({ all: { undecodable: 900 }, ofHour: {}, produced: 10, isIncomplete: false }),
  ]) {
    const findings = judged({ rejected: fine });
    strictEqual(
      findings.some(({ state: found }) => found !== 'fine'),
      false,
    );
  }
});

test('what could not be looked at is no success', () => {
  for (const given of [
    { states: unknown('Cassandra cannot be used.') },
    { states: known({ partitions: [state(0, 1n, 1n)], unreached: ['Kafka cannot be used.'] }) },
    { states: known({ partitions: [], unreached: [] }) },
    { members: unknown('Kafka cannot be used.') },
    { rejected: unknown('It cannot be read.') },
    { rejected: known({ all: {}, ofHour: {}, produced: 1, isIncomplete: true }) },
  ])
    strictEqual(faultOf(given).state, 'unknown');
});

const stackHealth = (given: Partial<StackHealth> = {}): StackHealth => ({
  mapping: known({ state: 'Enabled', reason: null, lastResult: 'OK' }),
  alarms: known([{ name: 'prod: Lag', state: 'OK', meaning: 'It is behind.', since: null }]),
  lost: known({ dropped: 0, undelivered: 0 }),
  onFailure: known({ batches: 0, isMore: false, oldest: null }),
  ...given,
});
const stack: Stack = {
  ...{ name: 'user-events-prod', region: 'eu-west-1', functionName: 'f', logGroupName: 'l' },
  ...{ mappingId: 'a-mapping', onFailure: 'a-bucket', version: '0.1.0 (abc)' },
  operate: null,
};

test('a stage whose mapping is enabled, with no alarm and an empty on-failure destination, is well', () => {
  const findings = judged({ stack: stackHealth() }, stack);
  strictEqual(
    findings.some(({ state: found }) => found !== 'fine'),
    false,
  );
  match(findings[0]?.says ?? '', /^Version 0\.1\.0 \(abc\) is deployed\.$/);
});

for (const [title, given, about, says, next] of [
  [
    'a mapping that is disabled',
    { mapping: known({ state: 'Disabled', reason: 'USER_INITIATED', lastResult: null }) },
    'reading',
    /^The event source mapping is Disabled \(USER_INITIATED\): nothing is read\.$/,
    /^aws lambda update-event-source-mapping .* --uuid a-mapping --enabled$/,
  ],
  [
    'a mapping with a problem',
    {
      mapping: known({ state: 'Enabled', reason: null, lastResult: 'PROBLEM: Connection error' }),
    },
    'reading',
    /its last batch came to “PROBLEM: Connection error”/,
    /^user-events partitions$/,
  ],
  [
    'records that AWS has dropped',
    { lost: known({ dropped: 12, undelivered: 1 }) },
    'lost',
    /^In 24 hours AWS has dropped 12 records, and .* did not take 1 batch: they are lost/,
    /^user-events verify --last 24h$/,
  ],
  [
    'batches in the on-failure destination',
    { onFailure: known({ batches: 2, isMore: false, oldest: new Date(now) }) },
    'on-failure',
    /^2 batches lie in the on-failure destination a-bucket, the oldest since 2026-11-29T12:00.*\. Redrive removes those/,
    /^user-events redrive --from-failed --to tables --remove$/,
  ],
  [
    'an alarm that rings',
    {
      alarms: known<readonly AlarmHealth[]>([
        { name: 'prod: Lag', state: 'ALARM', meaning: 'It is behind.', since: new Date(now) },
      ]),
    },
    'alarms',
    /^The alarm “prod: Lag” rings since 2026-11-29T12:00:00\.000Z\. It is behind\.$/,
    /describe-alarm-history .* 'prod: Lag'$/,
  ],
] as const)
  test(`${title} is wrong, in a sentence with the command that shows more`, () => {
    const fault = faultOf({ stack: stackHealth(given) }, stack);
    deepStrictEqual([fault.about, fault.state], [about, 'wrong']);
    match(fault.says, says);
    match(fault.next ?? '', next);
  });

test('a part of AWS that may not be asked is unknown', () => {
  const health = stackHealth({ alarms: unknown('They need cloudwatch:DescribeAlarms.') });
  strictEqual(faultOf({ stack: health }, stack).state, 'unknown');
});

test('records in an on-failure topic of Kafka are wrong too', () => {
  const fault = faultOf(
    {
      stack: stackHealth({ onFailure: known(null) }),
      failed: known({
        destination: 'kafka://failed',
        batches: 1,
        isMore: false,
        oldest: null,
      }),
    },
    { ...stack, onFailure: 'kafka://failed' },
  );
  match(
    fault.says,
    /^1 record lies in the on-failure destination kafka:\/\/failed\. Redriven ones stay until/,
  );
});

test('the usual limits are those of a stage’s alarms', () => {
  const { maxOffsetLag, watermarkLagSeconds, rejectedPercent, latePercent } = alarms.parse({});
  deepStrictEqual(
    [usualLimits.lag, usualLimits.behindMs, usualLimits.rejectedPercent, usualLimits.latePercent],
    [maxOffsetLag, watermarkLagSeconds * 1_000, rejectedPercent, latePercent],
  );
});
