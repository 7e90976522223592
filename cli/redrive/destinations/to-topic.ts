import { type MessageToProduce, ProduceAcks, Producer } from '@platformatic/kafka';
import { connectionOptions } from 'local-kafka-trigger/kafka/connection.ts';
import { rootMessage } from 'local-kafka-trigger/root-message.ts';
import { configuredDecoder } from '../../../functions/ingest/avro/configured-decoder.ts';
import { EventLayout } from '../../../functions/ingest/bytes/event-layout.ts';
import { judge } from '../../../functions/ingest/pipeline/judge.ts';
import type { MaxEventTime } from '../../../functions/ingest/pipeline/watermark.ts';
import { eventPlan } from '../../../schema/event-plan.ts';
import { topicExtents } from '../../kafka/topic-extents.ts';
import { readCheckpoints } from '../../tables/checkpoints.ts';
import type { Target } from '../../target/target.ts';
import { UserFacingError } from '../../terminal/user-facing-error.ts';
import type { Verdict } from '../outcome.ts';
import { withOrigin } from '../redrive-headers.ts';
import { anyPartition } from '../sources/topic-source.ts';
import { decodeReady } from './decode-ready.ts';
import type { Destination, Ready } from './destination.ts';

/** The records and the bytes of one request: brokers take a megabyte by default. */
const most = { records: 500, bytes: 500_000 };

/**
 * Redrives records to their topic: the same key, value, timestamp, headers and partition, and further headers that say where each comes from.
 * @param task the task that the records belong to; empty in a dry run, which sends nothing.
 * @param onSending is called before records are sent, and marks them: whether they have arrived is not known before the brokers' answer.
 */
export const toTopic = async (
  target: Target,
  task: string,
  onSending: (records: readonly Ready[]) => Promise<void>,
  signal: AbortSignal,
): Promise<Destination> => {
  const { settings } = target;
  const connection = await target.kafka();
  const decoder = configuredDecoder(settings, new EventLayout(eventPlan(settings)));
  const producer = new Producer({
    clientId: 'user-events',
    connectTimeout: 3_000,
    // A request that the client repeats stores its records once.
    idempotent: true,
    ...connectionOptions(connection),
  });
  const partitions = new Map<string, Promise<number>>();
  /** Counts the partitions of a topic; 0 where there is none. */
  const partitionsOf = (topic: string): Promise<number> => {
    const known =
      partitions.get(topic) ??
      topicExtents(connection, topic).then(
        ({ size }) => size,
        (error: unknown) => {
          if (error instanceof UserFacingError && /^There is no topic/.test(error.message))
            return 0;
          throw error;
        },
      );
    partitions.set(topic, known);
    return known;
  };
  const { keyspace, consumerGroup } = settings;
  const checkpoints = await readCheckpoints(
    await target.cassandra(),
    keyspace,
    { group: consumerGroup },
    signal,
  );
  const maxima = new Map<string, MaxEventTime>(
    checkpoints.map(({ topic, partition, maxEventTime }) => [
      `${topic}/${partition}`,
      maxEventTime,
    ]),
  );

  /** Tells why a record can never be sent; null where it can. */
  const refusalOf = async ({ record }: Ready): Promise<string | null> => {
    const { topic, partition, validatedBy, malformed } = record;
    if (validatedBy !== undefined)
      return 'the event source mapping has removed its schema header: redrive it by --to tables';
    if (malformed !== undefined) return 'it came malformed, so that its bytes are not known';
    const count = await partitionsOf(topic);
    if (count === 0) return `there is no topic ${topic}`;
    return partition < count ? null : `${topic} has no partition ${partition}`;
  };

  const forecastOf = async (records: readonly Ready[]): Promise<Verdict[]> =>
    (await decodeReady(records, decoder)).map(({ ready: { record }, decoded }) => {
      const sent = 'it would be sent';
      if (typeof decoded === 'string')
        return {
          outcome: 'done',
          detail: `${sent}; whether it is valid cannot be told: ${decoded}`,
        };
      const max = maxima.get(`${record.topic}/${record.partition}`) ?? null;
      judge([decoded], max, settings, Date.now());
      const { rejection } = decoded;
      return {
        outcome: 'done',
        detail:
          rejection === null
            ? `${sent}, and its row be written`
            : `${sent}, and rejected again: ${rejection.reason}, ${rejection.detail}`,
      };
    });

  /** Sorts out the records that can never be sent, and gives those that can to a function. */
  const sorted = async (
    records: readonly Ready[],
    use: (sendable: readonly Ready[]) => Promise<Verdict[]>,
  ): Promise<Verdict[]> => {
    const refusals = await Promise.all(records.map(refusalOf));
    const sendable = records.filter((_, index) => refusals[index] === null);
    const used = await use(sendable);
    const verdicts = new Map(sendable.map((ready, index) => [ready, used[index] as Verdict]));
    return records.map(
      (ready, index) =>
        verdicts.get(ready) ?? { outcome: 'refused', detail: refusals[index] ?? '' },
    );
  };

  const send = async (records: readonly Ready[]): Promise<Verdict> => {
    try {
      await producer.send({
        messages: records.map((ready) => messageOf(ready, task)),
        acks: ProduceAcks.ALL,
      });
      return { outcome: 'done', detail: 'it was sent' };
    } catch (error) {
      return {
        outcome: 'failed',
        detail: `the brokers have not acknowledged it, and may have it: ${rootMessage(error)}`,
      };
    }
  };

  return {
    forecast: (records) => sorted(records, forecastOf),
    redrive: (records) =>
      sorted(records, async (sendable) => {
        if (sendable.length > 0) await onSending(sendable);
        const verdicts: Verdict[] = [];
        for (const request of requests(sendable)) {
          const verdict = await send(request);
          verdicts.push(
            ...request.map(({ mayHaveArrived }) =>
              mayHaveArrived && verdict.outcome === 'done'
                ? {
                    ...verdict,
                    detail:
                      'it was sent; a process that has died may have sent it too, so that the topic may have it twice',
                  }
                : verdict,
            ),
          );
        }
        return verdicts;
      }),
    async [Symbol.asyncDispose]() {
      await producer.close();
    },
  };
};

/** Cuts records into requests, in their order. One that is larger than a request has one of its own. */
const requests = function* (records: readonly Ready[]): Generator<Ready[]> {
  let request: Ready[] = [];
  let bytes = 0;
  for (const ready of records) {
    const more = (ready.record.key?.length ?? 0) + (ready.record.value?.length ?? 0);
    if (request.length === most.records || (request.length > 0 && bytes + more > most.bytes)) {
      yield request;
      request = [];
      bytes = 0;
    }
    request.push(ready);
    bytes += more;
  }
  if (request.length > 0) yield request;
};

/** Makes the message of a record. The headers are a Map by Buffer, which can hold a name twice. */
const messageOf = (
  { candidate, record, tries }: Ready,
  task: string,
): MessageToProduce<Buffer, Buffer, Buffer, Buffer> => {
  const { topic, partition, timestamp, key, value } = record;
  const headers =
    candidate.place === null
      ? record.headers
      : withOrigin(record.headers, { place: candidate.place, tries, task });
  return {
    topic,
    ...(partition !== anyPartition && { partition }),
    ...(timestamp >= 0 && { timestamp: BigInt(timestamp) }),
    ...(key !== null && { key }),
    ...(value !== null && { value }),
    headers: new Map(headers.map((header) => [Buffer.from(header.name), header.value])),
  } as MessageToProduce<Buffer, Buffer, Buffer, Buffer>;
};
