import type { types } from 'cassandra-driver';
import { configuredDecoder } from '../../functions/ingest/avro/configured-decoder.ts';
import { EventLayout } from '../../functions/ingest/bytes/event-layout.ts';
import type { EventPlan } from '../../functions/ingest/event/plan.ts';
import { isReadable } from '../../functions/ingest/event/readable-time.ts';
import type { UserEvent } from '../../functions/ingest/event/user-event.ts';
import { type Checkpoint, maxEventTimeAt } from '../../functions/ingest/pipeline/checkpoint.ts';
import type { Delivery } from '../../functions/ingest/pipeline/delivery.ts';
import { judge } from '../../functions/ingest/pipeline/judge.ts';
import type { KafkaRecord } from '../../functions/ingest/pipeline/kafka-record.ts';
import { type MaxEventTime, watermarkOf } from '../../functions/ingest/pipeline/watermark.ts';
import { eventPlan } from '../../schema/event-plan.ts';
import { readRange } from '../kafka/read-range.ts';
import type { Extent } from '../kafka/topic-extents.ts';
import { decodeFetching } from '../record/decode-fetching.ts';
import { eventJson } from '../record/event-json.ts';
import type { RecordPlace } from '../record/record-place.ts';
import { foreignOf, wireFormatOf } from '../record/wire-format-of.ts';
import {
  isRowOf,
  readCheckpoint,
  readRejectedRow,
  readUserEvent,
} from '../tables/rows-of-record.ts';
import type { Target } from '../target/target.ts';
import { isoTime } from '../terminal/print.ts';
import { count } from '../terminal/words.ts';

/** One step of what the function does with a record. */
export interface TraceStep {
  readonly step:
    | 'record'
    | 'wire format'
    | 'event'
    | 'checkpoint'
    | 'watermark'
    | 'verdict'
    | 'row';
  /** The origin of the result: a server has it on record, or the function's own code has found it again. */
  readonly source: 'recorded' | 'recomputed' | 'unknown';
  /** The result, as a sentence for people. */
  readonly says: string;
  /** The result, for programs. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** The steps of a record, and whether every one of them could be told. */
export interface Trace {
  readonly steps: readonly TraceStep[];
  readonly isWhole: boolean;
}

/**
 * Follows a record through the function: its bytes, its wire format, its event, the checkpoint and the watermark that it is judged by, its
 * verdict and its row. The function's own code does each step again; what the tables have on record is told as such.
 * @param back the most records before it that are read to find the largest event time before it.
 */
export const traceRecord = async (
  target: Target,
  place: RecordPlace,
  back: number,
): Promise<Trace> => {
  const { settings } = target;
  const { topic, partition, offset } = place;
  const client = await target.cassandra();
  const checkpoint = await readCheckpoint(client, settings, place);
  const from = startOf(checkpoint, offset, BigInt(back));
  const { records, extent } = await readRange(await target.kafka(), place, from, offset + 1n);
  const record = records.at(-1);
  if (record === undefined || BigInt(record.offset) !== offset)
    return {
      steps: [
        step('record', 'unknown', gone(place, extent), { topic, partition, offset, ...extent }),
      ],
      isWhole: false,
    };

  const plan = eventPlan(settings);
  const decoder = configuredDecoder(settings, new EventLayout(plan));
  const deliveries: Delivery[] = [];
  let waits: string | null = null;
  for (const one of records) {
    const decoded = await decodeFetching(one, decoder);
    if (typeof decoded !== 'string') deliveries.push(decoded);
    else if (one === record) waits = decoded;
  }
  const delivery = waits === null ? deliveries.at(-1) : undefined;
  const { event = null, rejection = null } = delivery ?? {};
  const foreign = rejection === null ? undefined : foreignOf(record, rejection.reason, settings);
  const format = wireFormatOf(record, foreign, settings);
  const steps = [
    recordStep(record),
    step('wire format', 'recomputed', wireFormatText(record, format), { format }),
  ];
  if (delivery === undefined) {
    steps.push(step('event', 'unknown', `Its schema cannot be had: ${waits}`, { error: waits }));
    return { steps, isWhole: false };
  }
  steps.push(eventStep(event, delivery, plan));
  steps.push(checkpointStep(checkpoint, offset));
  const rejected = await readRejectedRow(client, settings.keyspace, record);
  const start = maxEventTimeAt(checkpoint, Number(from));
  judge(deliveries, start, settings, Date.now());
  const before = deliveries.at(-2)?.maxEventTime ?? start;
  // Nothing came before the first record of a partition. Elsewhere records that were not read may have had later times.
  const isKnown = start !== null || from === 0n;
  const { outOfOrdernessMs } = settings;
  steps.push(
    watermarkStep(before, rejected, {
      isKnown,
      outOfOrdernessMs,
      read: records.length - 1,
      neighbours: neighboursOf(deliveries, start, outOfOrdernessMs),
    }),
    verdictStep(delivery, isKnown || event === null || delivery.rejection !== null),
  );
  const row = event === null ? null : await readUserEvent(client, settings.keyspace, plan, event);
  const isHandled = checkpoint !== null && offset < BigInt(checkpoint.nextOffset);
  steps.push(rowStep({ row, rejected, delivery, plan, isHandled }));
  return { steps, isWhole: isKnown || delivery.rejection !== null };
};

const step = (
  name: TraceStep['step'],
  source: TraceStep['source'],
  says: string,
  facts: TraceStep['facts'],
): TraceStep => ({ step: name, source, says, facts });

/** Finds the first record to read: the last one whose maximum is on record, or else the furthest that may be read. */
const startOf = (checkpoint: Checkpoint | null, offset: bigint, back: bigint): bigint => {
  const furthest = offset > back ? offset - back : 0n;
  const reached = [...(checkpoint?.earlier.keys() ?? []), checkpoint?.nextOffset ?? 0].map(BigInt);
  return (
    reached
      .filter((one) => one <= offset && one >= furthest)
      .toSorted((one, other) => (one < other ? -1 : 1))
      .at(-1) ?? furthest
  );
};

const gone = ({ topic, partition, offset }: RecordPlace, { begin, end }: Extent): string =>
  offset >= end
    ? `${topic}/${partition} ends at offset ${end}: there is no record ${offset} yet.`
    : offset < begin
      ? `${topic}/${partition} begins at offset ${begin}: the topic has no record ${offset} any more.`
      : `${topic}/${partition} has no record at offset ${offset}: it was compacted, or belongs to a transaction’s bookkeeping.`;

const recordStep = ({ timestamp, key, value, headers }: KafkaRecord): TraceStep =>
  step(
    'record',
    'recorded',
    `The record has ${size(key, 'key')} and ${size(value, 'value')}, ${count(headers.length, 'header')}, and ${timestampOf(timestamp)}.`,
    { timestamp: isTime(timestamp) ? new Date(timestamp) : null, key, value, headers },
  );

/** Tells whether a record's timestamp is a time: Kafka writes -1 for none, and takes some that no calendar has. */
const isTime = (timestamp: number): boolean => timestamp >= 0 && isReadable(timestamp);

const timestampOf = (timestamp: number): string => {
  if (isTime(timestamp)) return `the timestamp ${isoTime(timestamp)}`;
  return timestamp < 0 ? 'no timestamp' : `a timestamp beyond the year 9999: ${timestamp}`;
};

const wireFormatText = ({ value }: KafkaRecord, format: string): string =>
  value === null || value.length === 0
    ? `There is none: the record has ${format}.`
    : `The value is ${format}.`;

const size = (bytes: Buffer | null, what: string): string =>
  bytes === null ? `no ${what}` : `a ${what} of ${count(bytes.length, 'byte')}`;

const eventStep = (event: UserEvent | null, { rejection }: Delivery, plan: EventPlan): TraceStep =>
  event === null
    ? step('event', 'recomputed', `It is no event: ${rejection?.reason}, ${rejection?.detail}.`, {
        reason: rejection?.reason,
        detail: rejection?.detail,
      })
    : step(
        'event',
        'recomputed',
        `It is an event of ${isoTime(event.eventTime)}.`,
        eventJson(event, plan),
      );

const checkpointStep = (checkpoint: Checkpoint | null, offset: bigint): TraceStep => {
  if (checkpoint === null)
    return step(
      'checkpoint',
      'recorded',
      'The consumer group has no checkpoint of the partition.',
      {},
    );
  const { nextOffset, maxEventTime } = checkpoint;
  return step(
    'checkpoint',
    'recorded',
    `Every record below offset ${nextOffset} is handled: this one ${offset < BigInt(nextOffset) ? 'is' : 'is not yet'}.`,
    { nextOffset, maxEventTime: maxEventTime === null ? null : new Date(maxEventTime) },
  );
};

/** A record with an event shortly before the traced one, or that one itself, for drawing its time against theirs. */
interface Neighbour {
  readonly offset: number;
  readonly event_time: Date;
  /** The watermark when it came; null for none. */
  readonly watermark: Date | null;
  readonly late: boolean;
}

const mostNeighbours = 40;

const neighboursOf = (
  deliveries: readonly Delivery[],
  start: MaxEventTime,
  outOfOrdernessMs: number,
): Neighbour[] =>
  deliveries
    .map(({ record, event, rejection }, index) => {
      const max = index === 0 ? start : (deliveries[index - 1]?.maxEventTime ?? null);
      return { record, event, max, late: rejection?.reason === 'late' };
    })
    .slice(-mostNeighbours)
    .flatMap(({ record, event, max, late }) =>
      event === null
        ? []
        : {
            offset: record.offset,
            event_time: new Date(event.eventTime),
            watermark: max === null ? null : new Date(watermarkOf(max, outOfOrdernessMs)),
            late,
          },
    );

interface Seen {
  /** True where the maximum before the record is certain. */
  readonly isKnown: boolean;
  readonly outOfOrdernessMs: number;
  /** The records before it that were read. */
  readonly read: number;
  readonly neighbours: readonly Neighbour[];
}

const watermarkStep = (
  max: MaxEventTime,
  rejected: types.Row | null,
  { isKnown, outOfOrdernessMs, read, neighbours }: Seen,
): TraceStep => {
  const recorded = rejected?.['watermark'] as Date | null | undefined;
  if (recorded)
    return step(
      'watermark',
      'recorded',
      `The watermark was ${recorded.toISOString()} when the record was rejected.`,
      { watermark: recorded, neighbours },
    );
  const watermark = max === null ? null : watermarkOf(max, outOfOrdernessMs);
  const facts = {
    watermark: watermark === null ? null : new Date(watermark),
    maxEventTime: max === null ? null : new Date(max),
    recordsRead: read,
    neighbours,
  };
  if (!isKnown)
    return step(
      'watermark',
      'unknown',
      `The watermark before it is not on record. By the ${count(read, 'record')} before it that were read it is at least ` +
        `${isoTime(watermark)} (--back reads more).`,
      facts,
    );
  return step(
    'watermark',
    'recomputed',
    watermark === null
      ? 'There was no watermark before it, so that it cannot be late.'
      : `The watermark before it was ${isoTime(watermark)}.`,
    facts,
  );
};

const verdictStep = (delivery: Delivery, isDecided: boolean): TraceStep => {
  const { rejection, future } = delivery;
  if (!isDecided)
    return step(
      'verdict',
      'unknown',
      'It is not late by what was read, and may be late by what was not.',
      {},
    );
  if (rejection !== null)
    return step(
      'verdict',
      'recomputed',
      `It is rejected: ${rejection.reason}, ${rejection.detail}.`,
      {
        verdict: 'rejected',
        reason: rejection.reason,
        detail: rejection.detail,
      },
    );
  return step(
    'verdict',
    'recomputed',
    future
      ? 'It is on time, and so far ahead of its record’s timestamp that it raises no maximum.'
      : 'It is on time.',
    { verdict: future ? 'future' : 'on time' },
  );
};

interface FoundRows {
  readonly row: types.Row | null;
  readonly rejected: types.Row | null;
  readonly delivery: Delivery;
  readonly plan: EventPlan;
  readonly isHandled: boolean;
}

const rowStep = ({ row, rejected, delivery, plan, isHandled }: FoundRows): TraceStep => {
  const facts = {
    userEvents: row === null ? null : plainRow(row),
    rejectedEvents: rejected === null ? null : plainRow(rejected),
  };
  const says = (text: string): TraceStep => step('row', 'recorded', text, facts);
  const reason = rejected?.['reason'];
  const isOwn = row !== null && delivery.event !== null && isRowOf(row, delivery.event, plan);
  if (rejected !== null && isOwn)
    return says(
      `rejected_events has it (${reason}), and user_events has its row too: it was written by another delivery.`,
    );
  if (rejected !== null) return says(`rejected_events has it, with the reason ${reason}.`);
  if (isOwn) return says('user_events has its row.');
  if (row !== null)
    return says(
      'user_events has another event in its row: a later one of the same user, type and millisecond.',
    );
  return says(
    isHandled
      ? 'No table has it: its row has expired, or was deleted, or it is late and late events are not kept.'
      : 'No table has it: it waits.',
  );
};

const plainRow = (row: types.Row): Record<string, unknown> =>
  Object.fromEntries(row.keys().map((name) => [name, row[name]]));
