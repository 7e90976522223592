import { Admin } from '@platformatic/kafka';
import { connectionOptions, type KafkaConnection } from 'local-kafka-trigger/kafka/connection.ts';
import { rootMessage } from 'local-kafka-trigger/root-message.ts';
import { UserFacingError } from '../terminal/user-facing-error.ts';

/** Uses an administrator's client of the brokers. @throws {UserFacingError} where they cannot be reached, or refuse. */
export const withAdmin = async <T>(
  connection: KafkaConnection,
  use: (admin: Admin) => Promise<T>,
  { retries = 2 } = {},
): Promise<T> => {
  const admin = new Admin({
    clientId: 'user-events',
    ...connectionOptions(connection),
    retries,
    connectTimeout: 3_000,
    timeout: 10_000,
  });
  try {
    return await use(admin);
  } catch (error) {
    throw unusable(connection, error);
  } finally {
    await admin.close();
  }
};

/** Makes the error of brokers that cannot be used. An error that already says what to do stays as it is. */
export const unusable = (
  { bootstrapServers }: Pick<KafkaConnection, 'bootstrapServers'>,
  error: unknown,
): UserFacingError =>
  error instanceof UserFacingError
    ? error
    : new UserFacingError(
        `Kafka at ${bootstrapServers.join(', ')} (KAFKA_BOOTSTRAP_SERVERS) cannot be used: ${rootMessage(error)}. Is it running, ` +
          'may this machine reach it, and does it want TLS or a login (KAFKA_TLS, KAFKA_SASL, KAFKA_USERNAME, KAFKA_PASSWORD)?',
        { cause: error },
      );
