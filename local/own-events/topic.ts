import { Admin, findErrorBy } from '@platformatic/kafka';
import type { KafkaConnection } from '../event-source-mapping/kafka-connection.ts';
import { rootMessage } from '../root-message.ts';
import { UserFacingError } from '../user-facing-error.ts';

/** Uses an administrator's client of the brokers. @throws {UserFacingError} where they cannot be reached, or refuse. */
export const withAdmin = async <T>(
  { bootstrapServers, tls, sasl }: KafkaConnection,
  use: (admin: Admin) => Promise<T>,
): Promise<T> => {
  const admin = new Admin({
    clientId: 'user-events',
    bootstrapBrokers: [...bootstrapServers],
    retries: 2,
    connectTimeout: 3_000,
    timeout: 10_000,
    ...(tls && { tls }),
    ...(sasl && { sasl }),
  });
  try {
    return await use(admin);
  } catch (error) {
    if (error instanceof UserFacingError) throw error;
    throw new UserFacingError(
      `Kafka at ${bootstrapServers.join(', ')} (KAFKA_BOOTSTRAP_SERVERS) cannot be used: ${rootMessage(error)}. Is it running, ` +
        'may this machine reach it, and does it want TLS or a login (KAFKA_TLS, KAFKA_SASL, KAFKA_USERNAME, KAFKA_PASSWORD)?',
      { cause: error },
    );
  } finally {
    await admin.close();
  }
};

/**
 * Makes a topic with the brokers' own settings, where there is none of the name.
 * @returns true where it was made.
 */
export const ensureTopic = (
  connection: KafkaConnection,
  name: string,
  partitions: number,
): Promise<boolean> =>
  withAdmin(connection, async (admin) => {
    if ((await admin.listTopics()).includes(name)) return false;
    try {
      // -1 stands for the brokers' default.
      await admin.createTopics({ topics: [name], partitions, replicas: -1 });
      return true;
    } catch (error) {
      // Another program has made it since it was looked for.
      if (findErrorBy(error as Error, 'apiId', 'TOPIC_ALREADY_EXISTS') !== null) return false;
      throw error;
    }
  });
