import { randomUUID } from 'node:crypto';
import { publishedWriter } from '../../schema/avro-bytes.ts';

/** An event as Kafka gets it: its key keeps a user's events in one partition. */
export interface KeyedEvent {
  readonly key: Buffer;
  readonly value: Buffer;
}

const types = ['page_view', 'click', 'search', 'add_to_cart', 'purchase'];
/** Few, so that each has rows to look at. */
const users = Array.from(
  { length: 20 },
  (_, index) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
);
/** One in so many is five minutes old, so that the demo shows late events too. */
const lateEvery = 100;
const lateMs = 300_000;

/** @param now milliseconds; the events are of the minute before it, in order. */
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
