import type { ConnectionOptions as TlsOptions } from 'node:tls';
import { Consumer, type SASLOptions } from '@platformatic/kafka';

/** The addresses and the login of the brokers. */
export interface KafkaConnection {
  readonly bootstrapServers: readonly string[];
  readonly tls?: TlsOptions;
  readonly sasl?: SASLOptions;
}

/**
 * Makes a Kafka client without retries. After a failed commit, a retrying client rejoins the group and commits again, also for
 * partitions that it has lost meanwhile.
 */
export const connect = (
  connection: KafkaConnection,
  groupId: string,
  metadataMaxAge: number,
): Consumer =>
  new Consumer({
    clientId: 'event-source-mapping',
    groupId,
    bootstrapBrokers: [...connection.bootstrapServers],
    retries: 0,
    requestTimeout: 30_000,
    metadataMaxAge,
    sessionTimeout: 10_000,
    rebalanceTimeout: 20_000,
    heartbeatInterval: 500,
    ...(connection.tls && { tls: connection.tls }),
    ...(connection.sasl && { sasl: connection.sasl }),
  });
