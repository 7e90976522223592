import { ProduceAcks, Producer } from '@platformatic/kafka';
import type { KafkaConnection } from 'local-kafka-trigger';
import { rootMessage } from 'local-kafka-trigger/root-message.ts';
import { UserFacingError } from '../../cli/terminal/user-facing-error.ts';

export interface Message {
  readonly key: Buffer;
  readonly value: Buffer;
}

/** The most records and bytes of one request: brokers take a megabyte by default. */
const most = { records: 2_000, bytes: 500_000 };

/**
 * Appends records to a topic in their order, acknowledged by all replicas; a key's records are in one partition. When the signal is
 * aborted, no further request is sent.
 * @param onSent called with the number of records that are on the topic so far.
 * @returns the number of records on the topic.
 * @throws {UserFacingError} where the brokers do not take them; it says how many they took.
 */
export const send = async (
  connection: KafkaConnection,
  topic: string,
  messages: readonly Message[],
  onSent: (sent: number) => void = () => {},
  signal?: AbortSignal,
): Promise<number> => {
  const { bootstrapServers, tls, sasl } = connection;
  const producer = new Producer({
    clientId: 'user-events',
    bootstrapBrokers: [...bootstrapServers],
    connectTimeout: 3_000,
    // A repeated request stores its records once.
    idempotent: true,
    ...(tls && { tls }),
    ...(sasl && { sasl }),
  });
  let sent = 0;
  try {
    for (const batch of batches(messages)) {
      if (signal?.aborted) break;
      await producer.send({
        messages: batch.map((message) => ({ topic, ...message })),
        acks: ProduceAcks.ALL,
      });
      sent += batch.length;
      onSent(sent);
    }
    return sent;
  } catch (error) {
    throw new UserFacingError(
      `Kafka at ${bootstrapServers.join(', ')} took ${sent} of ${messages.length} records of topic ${topic}, and then failed: ` +
        `${rootMessage(error)}.`,
      { cause: error },
    );
  } finally {
    await producer.close();
  }
};

const batches = function* (messages: readonly Message[]): Generator<Message[]> {
  let batch: Message[] = [];
  let bytes = 0;
  for (const message of messages) {
    const more = message.key.length + message.value.length;
    if (batch.length === most.records || (batch.length > 0 && bytes + more > most.bytes)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(message);
    bytes += more;
  }
  if (batch.length > 0) yield batch;
};
