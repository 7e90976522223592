import { Admin } from '@platformatic/kafka';
import { LocalError } from '../local-error.ts';

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
    throw new LocalError(
      `Kafka at ${bootstrapServers.join(', ')} (KAFKA_BOOTSTRAP_SERVERS) cannot be used: ${(error as Error).message} ` +
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

/**
 * A new topic; its records stay however old their timestamps are.
 * @throws {LocalError} where the brokers cannot be reached.
 */
export const createTopic = async (
  bootstrapServers: readonly string[],
  name: string,
  partitions: number,
): Promise<Topic> => {
  await withAdmin(bootstrapServers, (admin) =>
    admin.createTopics({
      topics: [name],
      partitions,
      replicas: 1,
      configs: [
        { name: 'retention.ms', value: '-1' },
        // Some records are of the future.
        { name: 'message.timestamp.after.max.ms', value: '9223372036854775807' },
      ],
    }),
  );
  return {
    name,
    [Symbol.asyncDispose]: () =>
      withAdmin(bootstrapServers, (admin) => admin.deleteTopics({ topics: [name] })),
  };
};
