import { randomBytes } from 'node:crypto';
import { createExpectedTables, type ExpectedTables } from '../../local/dataset/expected-tables.ts';
import { generate } from '../../local/dataset/generator.ts';
import { produce } from '../../local/dataset/producer.ts';
import { startTimeOf } from '../../local/dataset/start-time.ts';
import { createTopic, type Topic } from '../../local/dataset/topic.ts';
import type { Servers } from '../../local/open-servers.ts';
import { expectedOf, onlyEvents, rows } from './day.ts';

/** A complete topic of valid events, some of them late, with the rows that are expected of them. */
export interface FullTopic extends Topic {
  readonly events: number;
  readonly expectedTables: ExpectedTables;
}

const partitions = 6;
/** The milliseconds between two events: 83 events a second, as in `npm start`. */
const step = 12;
const seed = 1;
/** The greatest number of generated records for each event: some records have no event. */
const generatedPerEvent = 1.02;

/** Creates a topic and fills it. @throws {UserFacingError} if Kafka does not take the records. */
export const fillTopic = async (
  { bootstrapServers }: Servers,
  events: number,
): Promise<FullTopic> => {
  await using opened = new AsyncDisposableStack();
  const topic = opened.use(
    await createTopic(bootstrapServers, `peers-${randomBytes(4).toString('hex')}`, partitions),
  );
  const expectedTables = createExpectedTables(partitions, { rows, expectedOf });
  const startTime = startTimeOf(Date.now(), events * step * generatedPerEvent);
  await produce({
    bootstrapServers,
    topic: topic.name,
    records: onlyEvents(generate({ seed, partitions, startTime, step })).take(events),
    onProduced: (records) => {
      for (const record of records) expectedTables.add(record);
    },
  });
  const owned = opened.move();
  return {
    name: topic.name,
    events,
    expectedTables,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
};
