// The naive handler, the baseline of `npm run bench`: avsc, one prepared `execute` a record, `Promise.all`. It has no verdicts,
// no checkpoint, no limit of concurrency and no partial response, and it skips unreadable records.
import avro from 'avsc';
import { Client, types } from 'cassandra-driver';
import schema from '../schema/user-event.avsc.json' with { type: 'json' };

interface Event {
  readonly user_id: string;
  readonly event_type: string;
  readonly event_time: number;
  readonly event_id: string;
  readonly metadata: Record<string, string>;
}
interface KafkaEvent {
  readonly records: Record<string, readonly { readonly value?: string }[]>;
}

const type = avro.Type.forSchema(schema as avro.Schema);
const variable = (name: string): string => process.env[name] ?? '';

const client = new Client({
  contactPoints: variable('CASSANDRA_CONTACT_POINTS').split(','),
  localDataCenter: variable('CASSANDRA_LOCAL_DATACENTER'),
  keyspace: variable('CASSANDRA_KEYSPACE'),
  queryOptions: { consistency: types.consistencies.localQuorum, prepare: true },
});
await client.connect();

const insert =
  'INSERT INTO user_events (user_id, bucket_date, event_time, event_type, event_id, metadata) ' +
  'VALUES (?, ?, ?, ?, ?, ?)';

const decode = (value: string | undefined): Event | null => {
  try {
    return type.fromBuffer(Buffer.from(value ?? '', 'base64')) as Event;
  } catch {
    return null;
  }
};

const store = async ({ value }: { readonly value?: string }): Promise<void> => {
  const event = decode(value);
  if (event === null) return;
  const { user_id, event_time, event_type, event_id, metadata } = event;
  try {
    const day = new Date(event_time).toISOString().slice(0, 10);
    await client.execute(insert, [user_id, day, event_time, event_type, event_id, metadata]);
  } catch (error) {
    // The driver refuses the value: the user_id is no uuid, the event_type is missing, or the time has no day.
    if (error instanceof TypeError || error instanceof RangeError) return;
    throw error;
  }
};

export const handler = async (event: KafkaEvent): Promise<object> => {
  await Promise.all(Object.values(event.records).flat().map(store));
  return { batchItemFailures: [] };
};

export const close = (): Promise<void> => client.shutdown();
