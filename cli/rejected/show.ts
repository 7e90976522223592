import type { Client } from 'cassandra-driver';
import { duration } from '../../functions/ingest/pipeline/duration.ts';
import type { KafkaRecord } from '../../functions/ingest/pipeline/kafka-record.ts';
import { type Context, type ExitCode, exitCodes } from '../operate/context.ts';
import { type CommonOptions, formOf } from '../operate/operation.ts';
import { jsonLine } from '../output/listing.ts';
import { type RecordPlace, readRecordPlace } from '../record/record-place.ts';
import type { Target } from '../target/target.ts';
import { UserFacingError } from '../terminal/user-facing-error.ts';
import { neighbouringWatermarks } from './neighbours.ts';
import { daysBetween, type Where } from './places.ts';
import { readingsOf } from './readings.ts';
import { nameOfRow, type RejectedRow, whole } from './row.ts';
import { selectRejected } from './select.ts';
import { type ShownRecord, showText } from './show-text.ts';

export interface ShowOptions extends CommonOptions {
  readonly since?: number;
  readonly all?: boolean;
}

const dayMs = 86_400_000;

/** The days that are looked at beyond the time for which rejected records are kept: for records that had waited, and fast clocks. */
const [daysBefore, daysAhead] = [8, 1];
/** The most days that are looked at, where rejected records are kept for long. */
const mostDays = 400;

/** Shows a rejected record: why it was rejected, its bytes, and everything that reads them. */
export const showRejected = async (
  { output, openTarget, signal }: Context,
  name: string,
  options: ShowOptions,
): Promise<ExitCode> => {
  const place = readRecordPlace(name);
  if (place.offset > 9_223_372_036_854_775_807n || place.partition > 2_147_483_647)
    throw new UserFacingError(
      `Kafka has no record ${name}: an offset has 64 bits, a partition 32.`,
    );
  await using target = await openTarget(options);
  const client = await target.cassandra();
  const where = whereOfRecord(target, place, options);
  const { rows, progress } = await selectRejected(
    client,
    target.settings.keyspace,
    { where, filter: filterOfRecord(place), shape: whole },
    signal,
  );
  const found = await Array.fromAsync(rows);
  for (const row of found) {
    const shown = await shownRecord(client, target, row, signal);
    output.print(formOf(options) === 'json' ? jsonLine({ ...shown }) : showText(shown));
  }
  for (const { part, why } of progress.unread.slice(0, 1)) output.tell(`Not read: ${part}: ${why}`);
  if (found.length > 0) return exitCodes.fine;
  if (where.kind === 'everywhere' && progress.unread.length === 0) {
    output.tell(`rejected_events has no ${name}.`);
    return exitCodes.differs;
  }
  const days = where.kind === 'days' ? where.days : [];
  output.tell(
    `rejected_events has no ${name} whose Kafka timestamp is from ${days[0]} to ${days.at(-1)}. ` +
      'A record with another timestamp is found by --since <time> or --all; trace tells what became of it.',
  );
  return exitCodes.incomplete;
};

/** The record's place in the table is not known before its day is: each day that its row can be of is looked at. */
const whereOfRecord = (
  { settings }: Target,
  { topic, partition }: RecordPlace,
  { since, all }: ShowOptions,
): Where => {
  if (all) return { kind: 'everywhere' };
  const now = Date.now();
  const kept = settings.rejectedTtlSeconds / 86_400 || mostDays;
  const back = Math.min(kept + daysBefore, mostDays) * dayMs;
  return {
    kind: 'days',
    places: [{ topic, partition }],
    days: daysBetween(since ?? now - back, now + daysAhead * dayMs),
  };
};

const filterOfRecord = ({ topic, partition, offset }: RecordPlace) => ({
  topic,
  partitions: [partition],
  offsets: { from: offset, to: offset },
});

const shownRecord = async (
  client: Client,
  { settings }: Target,
  row: RejectedRow,
  signal: AbortSignal,
): Promise<ShownRecord> => {
  const { eventTime, watermark, key, value, headers } = row;
  const near = await neighbouringWatermarks(client, settings, row, signal);
  return {
    record: nameOfRow(row),
    reason: row.reason,
    detail: row.detail,
    rejectedAt: dateOf(row.rejectedAt),
    recordTimestamp: dateOf(row.recordTimestamp),
    rejectedDate: row.rejectedDate,
    eventTime: dateOf(eventTime),
    watermark: dateOf(watermark),
    behind: eventTime === null || watermark === null ? null : duration(watermark - eventTime),
    neighbours: near.map(({ offset, watermark: time, from }) => ({
      offset: String(offset),
      watermark: new Date(time),
      from,
    })),
    key,
    value,
    headers,
    ...(await readingsOf(kafkaRecordOf(row), settings)),
  };
};

const dateOf = (time: number | null): Date | null => (time === null ? null : new Date(time));

/** Makes the record that the function had. Its decoder looks at no offset, which may be too large for a number. */
const kafkaRecordOf = ({
  topic,
  partition,
  offset,
  recordTimestamp,
  key,
  value,
  headers,
}: RejectedRow): KafkaRecord => ({
  topic,
  partition,
  offset: Number(offset),
  timestamp: recordTimestamp ?? -1,
  key,
  value,
  headers,
});
