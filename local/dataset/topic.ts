import { setTimeout as delay } from 'node:timers/promises';
import { Admin } from '@platformatic/kafka';
import { rootMessage } from 'local-kafka-trigger/root-message.ts';
import { UserFacingError } from '../../cli/terminal/user-facing-error.ts';

const withAdmin = async <T>(
  bootstrapServers: readonly string[],
  use: (admin: Admin) => Promise<T>,
): Promise<T> => {
  const admin = new Admin({
    clientId: 'local',
    bootstrapBrokers: [...bootstrapServers],
    retries: 2,
    connectTimeout: 3000,
    timeout: 10_000,
  });
  try {
    return await use(admin);
  } catch (error) {
    throw new UserFacingError(
      `Kafka at ${bootstrapServers.join(', ')} (KAFKA_BOOTSTRAP_SERVERS) cannot be used: ${rootMessage(error)}. ` +
        'Is it running, and may this machine reach it? Without KAFKA_BOOTSTRAP_SERVERS one is started here.',
      { cause: error },
    );
  } finally {
    await admin.close();
  }
};

export interface Topic extends AsyncDisposable {
  readonly name: string;
}

/** The longest wait for a new topic and the pause between two checks, in milliseconds. */
const readyWithin = 10_000;
const lookEvery = 50;

/** Waits until every partition has a leader: brokers create a topic before they serve all of it. */
export const ready = async (admin: Admin, name: string, partitions: number): Promise<void> => {
  const deadline = Date.now() + readyWithin;
  const query = Array.from({ length: partitions }, (_, partitionIndex) => ({
    partitionIndex,
    timestamp: -1n,
  }));
  for (;;) {
    try {
      await admin.listOffsets({ topics: [{ name, partitions: query }] });
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await delay(lookEvery);
  }
};

/**
 * Creates a topic that is ready for writes and keeps records of any age.
 * @throws {UserFacingError} where the brokers cannot be reached.
 */
export const createTopic = async (
  bootstrapServers: readonly string[],
  name: string,
  partitions: number,
): Promise<Topic> => {
  await withAdmin(bootstrapServers, async (admin) => {
    await admin.createTopics({
      topics: [name],
      partitions,
      replicas: 1,
      configs: [
        { name: 'retention.ms', value: '-1' },
        // Some records have timestamps in the future.
        { name: 'message.timestamp.after.max.ms', value: '9223372036854775807' },
      ],
    });
    await ready(admin, name, partitions);
  });
  return {
    name,
    [Symbol.asyncDispose]: () =>
      withAdmin(bootstrapServers, (admin) => admin.deleteTopics({ topics: [name] })),
  };
};
