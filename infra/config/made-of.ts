import type { Environment } from '../../functions/ingest/settings/read-settings.ts';

/** Variables that are made of other settings, and which: given twice, they could disagree. */
export const madeOf = {
  CASSANDRA_CONTACT_POINTS: 'sink.contactPoints',
  CASSANDRA_LOCAL_DATACENTER: 'sink.localDataCenter',
  CASSANDRA_KEYSPACE: 'sink.keyspace',
  CASSANDRA_TLS: 'sink.tls',
  CASSANDRA_CA: 'sink.caFile',
  CASSANDRA_AUTH: 'sink.login',
  CASSANDRA_SECRET_ARN: 'sink.login.secretArn',
  CASSANDRA_BATCHES: 'sink.batches.encoder',
  CASSANDRA_BATCH_PARTITIONS: 'sink.batches.partitions',
  CASSANDRA_BATCH_KIB: 'sink.batches.kib',
  CONSUMER_GROUP_ID: 'consumerGroup',
  PARTIAL_RESPONSES: 'mapping.pollers',
} as const satisfies Partial<Record<keyof Environment, string>>;

/** The variables that a stage gives by their own names. */
export type FreeVariable = Exclude<keyof Environment, keyof typeof madeOf>;
