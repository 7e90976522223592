import { deepStrictEqual, rejects } from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { mappingConnection } from '../../cli/kafka/mapping-connection.ts';
import { withAdmin } from '../../cli/kafka/with-admin.ts';
import { type Aws, startAws } from '../support/aws.ts';
import { type SecuredKafka, startSecuredKafka } from '../support/secured-kafka.ts';

// A broker that lets nobody in without TLS and a login, which the event source mapping’s description alone leads to.
let kafka: SecuredKafka;
let aws: Aws;
before(async () => {
  kafka = await startSecuredKafka();
  const { login, certificates } = kafka;
  aws = await startAws({
    secrets: {
      login: JSON.stringify(login),
      wrong: JSON.stringify({ ...login, password: 'another' }),
      ca: JSON.stringify({ certificate: certificates.server.cert }),
      client: JSON.stringify(certificates.client),
    },
  });
  Object.assign(process.env, aws.environment, { AWS_REGION: 'eu-west-1' });
});
after(async () => {
  await aws[Symbol.asyncDispose]();
  await kafka[Symbol.asyncDispose]();
});

/** Lists the brokers' topics by the connection of a mapping. */
const topicsBy = async (server: string, ...access: (readonly [type: string, uri: string])[]) => {
  const connection = await mappingConnection(
    {
      SelfManagedEventSource: { Endpoints: { KAFKA_BOOTSTRAP_SERVERS: [server] } },
      SourceAccessConfigurations: access.map(([Type, URI]) => ({ Type, URI })) as never,
    },
    'eu-west-1',
  );
  return withAdmin(connection, (admin) => admin.listTopics(), { retries: 0 });
};

describe('the login of an event source mapping opens the brokers', () => {
  for (const type of ['BASIC_AUTH', 'SASL_SCRAM_256_AUTH', 'SASL_SCRAM_512_AUTH'])
    test(`by ${type}, with the authority of a secret`, async () => {
      deepStrictEqual(
        await topicsBy(kafka.passwords, [type, 'login'], ['SERVER_ROOT_CA_CERTIFICATE', 'ca']),
        [],
      );
    });

  test('by a client certificate, with the authority of a secret', async () => {
    deepStrictEqual(
      await topicsBy(
        kafka.clientCertificates,
        ['CLIENT_CERTIFICATE_TLS_AUTH', 'client'],
        ['SERVER_ROOT_CA_CERTIFICATE', 'ca'],
        ['VPC_SUBNET', 'subnet:subnet-00000001'],
      ),
      [],
    );
  });
});

test('a password that the brokers refuse is told as such', async () => {
  await rejects(
    topicsBy(
      kafka.passwords,
      ['SASL_SCRAM_512_AUTH', 'wrong'],
      ['SERVER_ROOT_CA_CERTIFICATE', 'ca'],
    ),
    /^UserFacingError: Kafka at .* cannot be used: .*(SASL|authenticat)/i,
  );
});

test('brokers whose certificate no known authority has signed are not trusted', async () => {
  await rejects(topicsBy(kafka.passwords, ['BASIC_AUTH', 'login']), /self-signed certificate/);
});

test('a secret that is not there is told by its name', async () => {
  await rejects(
    topicsBy(kafka.passwords, ['BASIC_AUTH', 'none']),
    /the secret none could not be read: ResourceNotFoundException/,
  );
});
