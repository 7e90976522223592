import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Delivery } from '../../../../functions/ingest/pipeline/delivery.ts';
import { judge, type LatenessSettings } from '../../../../functions/ingest/pipeline/judge.ts';
import type { MaxEventTime } from '../../../../functions/ingest/pipeline/watermark.ts';
import {
  type Environment,
  readSettings,
} from '../../../../functions/ingest/settings/read-settings.ts';
import { createRandom, type Random } from '../../../../local/dataset/random.ts';
import { eventOf } from '../../../support/events.ts';
import { record } from '../../../support/records.ts';

const settings = (given: Partial<Environment> = {}): LatenessSettings =>
  readSettings({
    CASSANDRA_CONTACT_POINTS: 'none',
    CASSANDRA_LOCAL_DATACENTER: 'none',
    CASSANDRA_KEYSPACE: 'none',
    CONSUMER_GROUP_ID: 'none',
    ...given,
  });
const t0 = Date.UTC(2026, 10, 28, 12);
const longAfter = t0 + 86_400_000;
/** Records of events of these times, judged. */
const judged = (
  deliveries: readonly Delivery[],
  start: MaxEventTime,
  given: LatenessSettings,
  now: number,
): readonly Delivery[] => {
  judge(deliveries, start, given, now);
  return deliveries;
};
const deliveriesOf = (times: readonly (readonly [eventTime: number, timestamp: number])[]) =>
  times.map(
    ([eventTime, timestamp], offset) =>
      new Delivery(record({ offset, timestamp }), eventOf({ event_time: eventTime })),
  );
/** What each record becomes: `on-time`, or the reason of its rejection. */
const became = (deliveries: readonly Delivery[], given: LatenessSettings): string[] =>
  judged(deliveries, null, given, longAfter).map(({ rejection }) => rejection?.reason ?? 'on-time');

/** A hundred devices that send an event every ten seconds for half an hour; the first one's clock is fast. Milliseconds. */
const world = (random: Random, fast: () => number) =>
  Array.from({ length: 18_000 }, (_, index) => {
    const timestamp = t0 + index * 100;
    const isFast = index % 100 === 0;
    const eventTime = timestamp - random.between(0, 1_000) + (isFast ? fast() : 0);
    return { isFast, times: [eventTime, timestamp] as const };
  });
/** Fifty seconds of it. */
const batchSize = 500;
/** How many of the events of right clocks are late, in batches one after the other. */
const wronglyLate = (events: ReturnType<typeof world>, given: LatenessSettings): number => {
  const deliveries = deliveriesOf(events.map(({ times }) => times));
  let max: MaxEventTime = null;
  let late = 0;
  for (let start = 0; start < deliveries.length; start += batchSize) {
    const batch = judged(deliveries.slice(start, start + batchSize), max, given, longAfter);
    max = batch.at(-1)?.maxEventTime ?? max;
    late += batch.filter(
      ({ rejection, record: { offset } }) => rejection !== null && events[offset]?.isFast === false,
    ).length;
  }
  return late;
};

for (const LATENESS_RULE of ['running', 'batch'])
  test(`one device in a hundred that is 130 to 240 s fast makes no right event late by rule ${LATENESS_RULE}, and with MAX_FUTURE_SECONDS=300 most of them`, () => {
    for (const seed of [1, 2, 3]) {
      const random = createRandom(seed);
      const events = world(random, () => random.between(130_000, 240_000));
      strictEqual(wronglyLate(events, settings({ LATENESS_RULE })), 0);
      const trapped = settings({ LATENESS_RULE, MAX_FUTURE_SECONDS: '300' });
      ok(wronglyLate(events, trapped) > 0.9 * 17_820, `${wronglyLate(events, trapped)}`);
    }
  });

test('a device that is less than the bound fast uses up that part of the bound, and no more', () => {
  const random = createRandom(1);
  const given = settings();
  // Right events are a second behind at the most.
  strictEqual(
    wronglyLate(
      world(random, () => 119_000),
      given,
    ),
    0,
  );
  ok(
    wronglyLate(
      world(random, () => 120_000),
      given,
    ) > 0,
  );
});

test('whatever other clocks say, an event that arrives at once is not late by the default', () => {
  const clock = fc.oneof(fc.integer({ min: -400_000, max: 400_000 }), fc.integer());
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(60_000), fc.oneof(fc.constant(0), clock)), { minLength: 1 }),
      fc.nat(600),
      (steps, seconds) => {
        let timestamp = t0;
        const times = steps.map(([step, off]) => {
          timestamp += step;
          return [timestamp + off, timestamp] as const;
        });
        const given = settings({ OUT_OF_ORDERNESS_SECONDS: `${seconds}` });
        const verdicts = became(deliveriesOf(times), given);
        for (const [index, [, off]] of steps.entries())
          if (off === 0) strictEqual(verdicts[index], 'on-time');
      },
    ),
  );
});

test('record timestamps in seconds, or 0, make every event one of the future, and none late', () => {
  for (const timestampOf of [(time: number) => Math.floor(time / 1000), () => 0]) {
    const times = [0, 600_000, 1].map((after) => t0 + after);
    const verdicts = judged(
      deliveriesOf(times.map((time) => [time, timestampOf(time)])),
      null,
      settings(),
      longAfter,
    );
    deepStrictEqual(
      verdicts.map(({ rejection, future }) => [rejection, future]),
      times.map(() => [null, true]),
    );
    strictEqual(verdicts.at(-1)?.maxEventTime, null);
  }
});

test('an event time outside the set range is rejected with its time, and moves no maximum', () => {
  for (const LATENESS_RULE of ['running', 'batch']) {
    const given = settings({
      LATENESS_RULE,
      EVENT_TIME_EARLIEST: '2020-01-01',
      EVENT_TIME_LATEST: '2026-11-28T12:00:00Z',
    });
    const times = [
      Date.UTC(2020, 0),
      Date.UTC(2020, 0) - 1,
      t0 + 1,
      t0,
      Math.floor(t0 / 1000),
    ] as const;
    const verdicts = judged(deliveriesOf(times.map((time) => [time, t0])), null, given, longAfter);
    const rejections = verdicts.map(({ rejection }) => rejection);
    const detail = 'event_time must be from 2020-01-01T00:00:00.000Z to 2026-11-28T12:00:00.000Z';
    const inSeconds = `${detail}; it may count seconds: the producer must send milliseconds`;
    const first = LATENESS_RULE === 'batch' ? 'late' : undefined;
    strictEqual(rejections[0]?.reason, first);
    deepStrictEqual(rejections.slice(1), [
      { kind: 'rejected', reason: 'invalid_event_time', detail, eventTime: times[1] },
      { kind: 'rejected', reason: 'invalid_event_time', detail, eventTime: times[2] },
      null,
      { kind: 'rejected', reason: 'invalid_event_time', detail: inSeconds, eventTime: times[4] },
    ]);
    strictEqual(verdicts.at(-1)?.maxEventTime, t0);
  }
});

test('a verdict on a range is the same at any time, for no clock is read', () => {
  const given = settings({ EVENT_TIME_EARLIEST: '2020-01-01', EVENT_TIME_LATEST: '2029-12-31' });
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 4e12 }),
      fc.nat(4e12),
      fc.nat(4e12),
      (time, one, other) => {
        const rejected = [one, other].map((now) => {
          const [verdict] = judged(deliveriesOf([[time, time]]), null, given, now);
          return verdict?.rejection;
        });
        deepStrictEqual(rejected[0], rejected[1]);
      },
    ),
  );
});
