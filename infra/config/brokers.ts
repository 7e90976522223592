import type { KafkaCluster, MskSource } from './source.ts';

/** The kinds of access of an event source mapping, by the logins of a source. */
const loginTypes = {
  scram: 'SASL_SCRAM_512_AUTH',
  'scram-512': 'SASL_SCRAM_512_AUTH',
  'scram-256': 'SASL_SCRAM_256_AUTH',
  plain: 'BASIC_AUTH',
  mtls: 'CLIENT_CERTIFICATE_TLS_AUTH',
} as const;

/** A secret by which an event source mapping reaches its brokers, or knows them. */
interface Access {
  readonly type: (typeof loginTypes)[keyof typeof loginTypes] | 'SERVER_ROOT_CA_CERTIFICATE';
  readonly uri: string;
}

/** Lists the secrets of the brokers' login and authority, as an event source mapping names them. */
export const secretsOf = (source: KafkaCluster): Access[] => [
  ...('secretArn' in source ? [{ type: loginTypes[source.auth], uri: source.secretArn }] : []),
  ...(source.kind === 'self-managed' && source.caSecretArn !== undefined
    ? [{ type: 'SERVER_ROOT_CA_CERTIFICATE', uri: source.caSecretArn } as const]
    : []),
];

/** Describes the brokers of a source as Lambda's API describes those of an event source mapping. */
export const mappedBrokers = (source: KafkaCluster) => ({
  ...(source.kind === 'self-managed'
    ? {
        SelfManagedEventSource: { Endpoints: { KAFKA_BOOTSTRAP_SERVERS: source.bootstrapServers } },
      }
    : { EventSourceArn: vpcConnectionOf(source) ?? source.clusterArn }),
  SourceAccessConfigurations: secretsOf(source).map(({ type, uri }) => ({ Type: type, URI: uri })),
});

/** The VPC connection to a cluster in another account or in an unreachable VPC; undefined without one. */
export const vpcConnectionOf = (source: MskSource): string | undefined =>
  'vpcConnectionArn' in source ? source.vpcConnectionArn : undefined;
