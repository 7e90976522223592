import { isIP } from 'node:net';
import type { ConnectionOptions as TlsOptions } from 'node:tls';
import { Consumer, type SASLOptions } from '@platformatic/kafka';

/** The addresses and the login of the brokers. */
export interface KafkaConnection {
  readonly bootstrapServers: readonly string[];
  readonly tls?: TlsOptions;
  readonly sasl?: SASLOptions;
}

/** Reads brokers with commas between. */
export const brokerList = (text: string): string[] =>
  text
    .split(',')
    .map((broker) => broker.trim())
    .filter(Boolean);

/**
 * Makes the options by which a client of Kafka connects. The client names its broker in the TLS handshake, as brokers behind one address
 * need it; addresses may not be named there.
 */
export const connectionOptions = ({ bootstrapServers, tls, sasl }: KafkaConnection) => ({
  bootstrapBrokers: [...bootstrapServers],
  ...(tls && {
    tls,
    tlsServerName: bootstrapServers.every((server) => isIP(hostOf(server)) === 0),
  }),
  ...(sasl && { sasl }),
});

const hostOf = (server: string): string => server.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');

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
    ...connectionOptions(connection),
    retries: 0,
    requestTimeout: 30_000,
    metadataMaxAge,
    sessionTimeout: 10_000,
    rebalanceTimeout: 20_000,
    heartbeatInterval: 500,
  });
