import type { EventSourceMappingConfiguration } from '@aws-sdk/client-lambda';
import type { KafkaConnection } from 'local-kafka-trigger/kafka/connection.ts';
import { readSecret } from '../../functions/ingest/remote/read-secret.ts';
import { mskToken } from '../../functions/produce/msk-token.ts';
import { UserFacingError } from '../terminal/user-facing-error.ts';

/** The part of an event source mapping that says how its brokers are reached. */
export type MappedBrokers = Pick<
  EventSourceMappingConfiguration,
  'EventSourceArn' | 'SelfManagedEventSource' | 'SourceAccessConfigurations'
>;

/** The mechanisms of a login with name and password, by the words of the event source mapping. */
const mechanisms: Readonly<Record<string, 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512'>> = {
  BASIC_AUTH: 'PLAIN',
  SASL_SCRAM_256_AUTH: 'SCRAM-SHA-256',
  SASL_SCRAM_512_AUTH: 'SCRAM-SHA-512',
};

/**
 * Connects as an event source mapping does: with its brokers, its login and its certificates.
 * @throws {UserFacingError} where its brokers are not to be had.
 * @throws {IngestError} where a secret is not, naming it.
 */
export const mappingConnection = async (
  mapping: MappedBrokers,
  region: string,
): Promise<KafkaConnection> => {
  const access = mapping.SourceAccessConfigurations ?? [];
  const uriOf = (type: string): string | undefined => access.find(({ Type }) => Type === type)?.URI;
  const login = access.find(({ Type = '' }) => Object.hasOwn(mechanisms, Type));
  const ca = uriOf('SERVER_ROOT_CA_CERTIFICATE');
  const client = uriOf('CLIENT_CERTIFICATE_TLS_AUTH');
  const servers = await serversOf(mapping, region, {
    hasPassword: login !== undefined,
    hasCertificate: client !== undefined,
  });
  const authority =
    ca === undefined ? {} : { ca: (await readSecret(ca, 'certificate')).certificate };
  const { bootstrapServers } = servers;
  if (login?.Type !== undefined) {
    const { username, password } = await readSecret(login.URI ?? '', 'username', 'password');
    const mechanism = mechanisms[login.Type] ?? 'SCRAM-SHA-512';
    return { bootstrapServers, tls: authority, sasl: { mechanism, username, password } };
  }
  if (client !== undefined)
    return { bootstrapServers, tls: { ...authority, ...(await clientCertificate(client)) } };
  if (servers.kind === 'iam')
    return {
      bootstrapServers,
      tls: {},
      sasl: { mechanism: 'OAUTHBEARER', token: roleToken(region) },
    };
  const isEncrypted = servers.kind === 'tls' || ca !== undefined;
  return { bootstrapServers, ...(isEncrypted && { tls: authority }) };
};

const clientCertificate = async (
  secret: string,
): Promise<{ cert: string; key: string; passphrase?: string }> => {
  const texts = await readSecret(secret, 'certificate', 'privateKey');
  const { certificate, privateKey, privateKeyPassword } = texts;
  return {
    cert: certificate,
    key: privateKey,
    ...(typeof privateKeyPassword === 'string' && { passphrase: privateKeyPassword }),
  };
};

/** Makes a function that signs a token of MSK with the credentials that are valid when it is called. */
const roleToken = (region: string) => async (): Promise<string> => {
  const { KafkaClient } = await import('@aws-sdk/client-kafka');
  const kafka = new KafkaClient({ region });
  try {
    const { accessKeyId, secretAccessKey, sessionToken } = await kafka.config.credentials();
    const credentials = { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
    return await mskToken(region, credentials, new Date());
  } finally {
    kafka.destroy();
  }
};

/** The brokers that are asked first, and how they speak: as the mapping says, or by MSK's addresses for IAM, TLS or neither. */
interface Servers {
  readonly kind: 'self-managed' | 'iam' | 'tls' | 'plaintext' | 'login';
  readonly bootstrapServers: readonly string[];
}

/** Finds the brokers: those of the mapping, or those that MSK names for its login. */
const serversOf = async (
  { SelfManagedEventSource, EventSourceArn = '' }: MappedBrokers,
  region: string,
  {
    hasPassword,
    hasCertificate,
  }: { readonly hasPassword: boolean; readonly hasCertificate: boolean },
): Promise<Servers> => {
  const named = SelfManagedEventSource?.Endpoints?.KAFKA_BOOTSTRAP_SERVERS;
  if (named !== undefined) return { kind: 'self-managed', bootstrapServers: named };
  if (!EventSourceArn.includes(':cluster/'))
    throw new UserFacingError(
      `The brokers behind ${EventSourceArn} are not reached from here: the mapping has a VPC connection of its own to them.`,
    );
  const { GetBootstrapBrokersCommand, KafkaClient } = await import('@aws-sdk/client-kafka');
  const kafka = new KafkaClient({ region });
  const found = await kafka
    .send(new GetBootstrapBrokersCommand({ ClusterArn: EventSourceArn }))
    .finally(() => kafka.destroy());
  // Without a login the mapping takes IAM where the cluster has it switched on.
  const choices: readonly (readonly [Servers['kind'], string | undefined])[] = hasPassword
    ? [['login', found.BootstrapBrokerStringSaslScram]]
    : hasCertificate
      ? [['tls', found.BootstrapBrokerStringTls]]
      : [
          ['iam', found.BootstrapBrokerStringSaslIam],
          ['tls', found.BootstrapBrokerStringTls],
          ['plaintext', found.BootstrapBrokerString],
        ];
  for (const [kind, addresses] of choices)
    if (addresses) return { kind, bootstrapServers: addresses.split(',') };
  throw new UserFacingError(
    `MSK names no brokers of ${EventSourceArn} for the login of the mapping: is that login still switched on in the cluster?`,
  );
};
