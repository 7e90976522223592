import { deepStrictEqual, match, rejects } from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { Producer } from '@platformatic/kafka';
import { type KafkaConnection, startEventSourceMapping } from 'local-kafka-trigger';
import { connectionOptions } from 'local-kafka-trigger/kafka/connection.ts';
import { mappingConnection } from '../../cli/kafka/mapping-connection.ts';
import { withAdmin } from '../../cli/kafka/with-admin.ts';
import { temporaryFolder } from '../../local/servers/temporary-folder.ts';
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

describe('the local trigger reads a topic by a login over TLS', () => {
  let topic: string;
  let secured: Pick<KafkaConnection, 'bootstrapServers' | 'tls'>;
  before(async () => {
    topic = `secured-${randomUUID()}`;
    const { login, certificates, passwords } = kafka;
    secured = { bootstrapServers: [passwords], tls: { ca: certificates.server.cert } };
    const connection: KafkaConnection = { ...secured, sasl: { mechanism: 'PLAIN', ...login } };
    await withAdmin(connection, (admin) =>
      admin.createTopics({ topics: [topic], partitions: 1, replicas: 1 }),
    );
    const producer = new Producer({ clientId: 'test', ...connectionOptions(connection) });
    await producer.send({ messages: [{ topic, value: Buffer.from('one') }] });
    await producer.close();
  });

  const valuesBy = async (access: Partial<KafkaConnection>): Promise<string[]> => {
    const values: string[] = [];
    await using mapping = await startEventSourceMapping({
      connection: { ...secured, ...access },
      topic,
      invoke: async (eventJson) => {
        const records = Object.values<{ value: string }[]>(JSON.parse(eventJson).records).flat();
        values.push(...records.map(({ value }) => atob(value)));
        return { kind: 'response', payload: 'null' };
      },
    });
    await mapping.drain();
    return values;
  };

  for (const mechanism of ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const)
    test(`by ${mechanism}`, async () => {
      deepStrictEqual(await valuesBy({ sasl: { mechanism, ...kafka.login } }), ['one']);
    });

  test('by a client certificate', async () => {
    const { server, client } = kafka.certificates;
    const { cert, key } = { cert: client.certificate, key: client.privateKey };
    deepStrictEqual(
      await valuesBy({
        bootstrapServers: [kafka.clientCertificates],
        tls: { ca: server.cert, cert, key },
      }),
      ['one'],
    );
  });

  test('a password that the brokers refuse is told with the topic and the brokers', async () => {
    await rejects(
      valuesBy({ sasl: { mechanism: 'SCRAM-SHA-512', ...kafka.login, password: 'another' } }),
      /^TriggerError: Cannot read topic secured-\S+ at 127\.0\.0\.1:\d+: .*(SASL|authenticat)/i,
    );
  });

  test('its command takes the login from variables, and the authority from NODE_EXTRA_CA_CERTS', async () => {
    await using folder = await temporaryFolder('trigger-login');
    const authority = join(folder.path, 'ca.pem');
    await writeFile(authority, kafka.certificates.server.cert);
    await writeFile(join(folder.path, 'index.mjs'), 'export const handler = async () => {};');
    const child = spawn(
      process.execPath,
      [
        join(import.meta.dirname, '../../packages/local-kafka-trigger/src/bin.ts'),
        ...['--handler', 'index.handler', '--topic', topic, '--until-end'],
      ],
      {
        cwd: folder.path,
        env: {
          PATH: process.env['PATH'],
          KAFKA_BOOTSTRAP_SERVERS: kafka.passwords,
          KAFKA_TLS: 'on',
          KAFKA_SASL: 'scram-512',
          KAFKA_USERNAME: kafka.login.username,
          KAFKA_PASSWORD: kafka.login.password,
          NODE_EXTRA_CA_CERTS: authority,
        },
      },
    );
    const [stdout, stderr] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    deepStrictEqual([child.exitCode, stderr], [0, '']);
    match(
      stdout,
      /^END 1 record in 1 invocation; tried again: 0, to the destination: 0, lost: 0\.$/m,
    );
  });
});
