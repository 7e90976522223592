/** The package: a construct that brings a Kafka topic of user events into Cassandra or Amazon Keyspaces. */
export { KafkaAuth } from './construct/kafka-auth.ts';
export {
  KafkaSource,
  type MskCluster,
  type MskSourceProps,
  type SelfManagedSourceProps,
} from './construct/kafka-source.ts';
export { OnFailure } from './construct/on-failure.ts';
export type {
  AlarmsProps,
  FunctionProps,
  LatenessProps,
  MappingProps,
  NetworkProps,
  UserEventsPipelineProps,
} from './construct/props.ts';
export {
  type ConfluentRegistryProps,
  type GlueRegistry,
  RegistryAuth,
  SchemaRegistry,
  type SchemaRegistryProps,
} from './construct/schema-registry.ts';
export {
  type CapacityUnits,
  type CassandraSinkProps,
  type KeyspacesSinkProps,
  Sink,
} from './construct/sink.ts';
export { UserEventsPipeline } from './construct/user-events-pipeline.ts';
