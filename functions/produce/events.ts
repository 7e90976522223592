import { randomUUID } from 'node:crypto';
import { publishedWriter } from '../../schema/avro-bytes.ts';

/** An event in Kafka's form; its key keeps a user's events in one partition. */
export interface KeyedEvent {
  readonly key: Buffer;
  readonly value: Buffer;
}

const types = ['page_view', 'click', 'search', 'add_to_cart', 'purchase'];
/** The ids of the users, few enough that each user has several rows. */
const users = Array.from(
  { length: 20 },
  (_, index) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
);
/** The share of late events, one in so many: they are five minutes old, so that the demo shows late events too. */
const lateEvery = 100;
const lateMs = 300_000;

/** Makes the events of the minute before `now`, in order. @param now milliseconds. */
export const makeEvents = (count: number, now: number): KeyedEvent[] =>
  Array.from({ length: count }, (_, index) => {
    const user = users[index % users.length] ?? '';
    const age = ((count - index) * 60_000) / count;
    const late = index % lateEvery === lateEvery - 1 ? lateMs : 0;
    const value = publishedWriter.bytes({
      user_id: user,
      event_type: types[index % types.length],
      event_time: Math.round(now - age - late),
      event_id: randomUUID(),
      metadata: { source: 'demo' },
    });
    return { key: Buffer.from(user), value };
  });
