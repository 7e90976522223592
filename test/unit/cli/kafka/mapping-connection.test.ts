import { deepStrictEqual, match, ok, rejects } from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { mappingConnection } from '../../../../cli/kafka/mapping-connection.ts';
import { type Aws, startAws } from '../../../support/aws.ts';

const cluster = (name: string) => `arn:aws:kafka:eu-west-1:111122223333:cluster/${name}/0-1`;
const every = {
  BootstrapBrokerString: 'plain:9092',
  BootstrapBrokerStringTls: 'tls-1:9094,tls-2:9094',
  BootstrapBrokerStringSaslScram: 'scram:9096',
  BootstrapBrokerStringSaslIam: 'iam:9098',
};

let aws: Aws;
before(async () => {
  aws = await startAws({
    brokers: {
      [cluster('every')]: every,
      [cluster('tls')]: { BootstrapBrokerStringTls: 'tls:9094' },
      [cluster('plain')]: { BootstrapBrokerString: 'plain:9092' },
    },
    secrets: {
      login: '{"username":"reader","password":"a-password"}',
      client:
        '{"certificate":"a certificate","privateKey":"a key","privateKeyPassword":"its password"}',
      ca: '{"certificate":"an authority"}',
      text: 'no JSON, and secret',
    },
  });
  Object.assign(process.env, aws.environment, { AWS_REGION: 'eu-west-1' });
});
after(() => aws[Symbol.asyncDispose]());

const msk = (name: string, ...access: readonly (readonly [type: string, uri: string])[]) =>
  mappingConnection(
    {
      EventSourceArn: cluster(name),
      SourceAccessConfigurations: access.map(([Type, URI]) => ({ Type, URI })) as never,
    },
    'eu-west-1',
  );

test('MSK is reached at the addresses that it has for the login of the mapping', async () => {
  deepStrictEqual(await msk('every', ['SASL_SCRAM_512_AUTH', 'login']), {
    bootstrapServers: ['scram:9096'],
    tls: {},
    sasl: { mechanism: 'SCRAM-SHA-512', username: 'reader', password: 'a-password' },
  });
  deepStrictEqual(await msk('every', ['CLIENT_CERTIFICATE_TLS_AUTH', 'client']), {
    bootstrapServers: ['tls-1:9094', 'tls-2:9094'],
    tls: { cert: 'a certificate', key: 'a key', passphrase: 'its password' },
  });
});

test('MSK without a login in the mapping is reached by IAM, with a token of the credentials that are valid then', async () => {
  const { bootstrapServers, tls, sasl } = await msk('every');
  deepStrictEqual([bootstrapServers, tls, sasl?.mechanism], [['iam:9098'], {}, 'OAUTHBEARER']);
  ok(typeof sasl?.token === 'function');
  const tokens = await Promise.all([sasl.token(), sasl.token()] as Promise<string>[]);
  for (const token of tokens) {
    const signed = new URL(Buffer.from(token, 'base64url').toString());
    deepStrictEqual(signed.hostname, 'kafka.eu-west-1.amazonaws.com');
    match(
      signed.searchParams.get('X-Amz-Credential') ?? '',
      /^test\/\d{8}\/eu-west-1\/kafka-cluster/,
    );
  }
});

test('MSK that has IAM switched off is reached without a login, encrypted where it can be', async () => {
  deepStrictEqual(await msk('tls'), { bootstrapServers: ['tls:9094'], tls: {} });
  deepStrictEqual(await msk('plain'), { bootstrapServers: ['plain:9092'] });
});

test('MSK that names no address for the login says so', async () => {
  await rejects(
    msk('tls', ['SASL_SCRAM_512_AUTH', 'login']),
    /^UserFacingError: MSK names no brokers of .*is that login still switched on/,
  );
});

test('brokers behind a VPC connection of the mapping are not reached from elsewhere, which is told', async () => {
  const EventSourceArn = 'arn:aws:kafka:eu-west-1:111122223333:vpc-connection/444455556666/x/0-2';
  await rejects(
    mappingConnection({ EventSourceArn }, 'eu-west-1'),
    /^UserFacingError: The brokers behind arn:.* are not reached from here/,
  );
});

test('brokers of one’s own without a login are reached in plain text, unless an authority is named', async () => {
  const SelfManagedEventSource = { Endpoints: { KAFKA_BOOTSTRAP_SERVERS: ['kafka:9092'] } };
  deepStrictEqual(await mappingConnection({ SelfManagedEventSource }, 'eu-west-1'), {
    bootstrapServers: ['kafka:9092'],
  });
  const access = { Type: 'SERVER_ROOT_CA_CERTIFICATE', URI: 'ca' } as const;
  deepStrictEqual(
    await mappingConnection(
      { SelfManagedEventSource, SourceAccessConfigurations: [access] },
      'eu-west-1',
    ),
    { bootstrapServers: ['kafka:9092'], tls: { ca: 'an authority' } },
  );
});

test('a secret that is no JSON is told by its name and never by its contents', async () => {
  await rejects(msk('every', ['SASL_SCRAM_512_AUTH', 'text']), (error: Error) => {
    match(error.message, /^the secret text must be JSON with the texts "username" and "password"$/);
    return !error.message.includes('secret,');
  });
});
