import { type Client, types } from 'cassandra-driver';
import { configuredDecoder } from '../../functions/ingest/avro/configured-decoder.ts';
import { EventLayout } from '../../functions/ingest/bytes/event-layout.ts';
import { eventPlan } from '../../schema/event-plan.ts';
import { type RejectedRow, whole } from '../rejected/row.ts';
import { type Progress, selectRejected } from '../rejected/select.ts';
import { persistently } from '../tables/persistently.ts';
import type { Target } from '../target/target.ts';
import { mentionsPerson } from './mentions-person.ts';

/** What a look through `rejected_events` has found of a person. */
export interface PersonRejected {
  /** The person's records, without their bytes. */
  readonly found: readonly Pick<
    RejectedRow,
    'topic' | 'rejectedDate' | 'partition' | 'offset' | 'reason'
  >[];
  /** The records of which cannot be told whose they are. */
  readonly unknown: number;
  /** The parts of the table that could not be read. */
  readonly unread: readonly string[];
}

/** Looks for a person's records in the whole of `rejected_events`, which has no column for the user: each record is decoded. */
export const findRejected = async (
  target: Target,
  user: string,
  signal: AbortSignal,
  onPage: (progress: Progress) => void,
): Promise<PersonRejected> => {
  const { settings } = target;
  const decoder = configuredDecoder(settings, new EventLayout(eventPlan(settings)));
  const mentions = mentionsPerson(user, decoder);
  const look = await selectRejected(
    await target.cassandra(),
    settings.keyspace,
    { where: { kind: 'everywhere' }, filter: {}, shape: whole },
    signal,
    onPage,
  );
  const found: PersonRejected['found'][number][] = [];
  let unknown = 0;
  for await (const row of look.rows) {
    const { topic, partition, offset, key, value, headers } = row;
    const mention = await mentions({
      topic,
      partition,
      offset: Number(offset),
      timestamp: row.recordTimestamp ?? -1,
      key,
      value,
      headers,
    });
    if (mention === 'unknown') unknown += 1;
    if (mention !== 'yes') continue;
    const { rejectedDate, reason } = row;
    found.push({ topic, partition, offset, rejectedDate, reason });
  }
  return {
    found,
    unknown,
    unread: look.progress.unread.map(({ part, why }) => `${part}: ${why}`),
  };
};

/** Sets key, value and headers of a rejected record to null. Its row stays, and ends when it would have ended. */
export const emptyRejected = async (
  client: Client,
  keyspace: string,
  { topic, rejectedDate, partition, offset }: PersonRejected['found'][number],
): Promise<void> => {
  const query =
    `UPDATE ${keyspace}.rejected_events SET key = null, value = null, headers = null ` +
    'WHERE topic = ? AND rejected_date = ? AND partition = ? AND "offset" = ?';
  const key = [
    topic,
    types.LocalDate.fromString(rejectedDate),
    partition,
    types.Long.fromString(String(offset)),
  ];
  await persistently('emptying a row of rejected_events', () =>
    client.execute(query, key, { prepare: true }),
  );
};
