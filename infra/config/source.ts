import type * as z from 'zod';
import { broker } from './addresses.ts';
import {
  ec2Id,
  keyArn,
  oneKindOf,
  oneOf,
  secretArn,
  settings,
  text,
  texts,
  wholeNumber,
} from './rules.ts';

const clusterArn = text(
  'the cluster, in the stack’s region, and in its account unless vpcConnectionArn is given',
  'an MSK cluster’s ARN',
  /^arn:aws[a-z-]*:kafka:[a-z0-9-]+:\d{12}:cluster\/[A-Za-z0-9-]+\/[A-Za-z0-9-]+$/,
  { pattern: /:vpc-connection\//, is: 'a VPC connection’s, which is vpcConnectionArn' },
);
const secretKeyArn = keyArn(
  'the key that the secret is encrypted with, if it is not AWS’s own',
).optional();
const msk = {
  kind: oneOf('Amazon MSK, provisioned', ['msk']),
  clusterArn,
  vpcConnectionArn: text(
    'the managed VPC connection of the stack’s account, for a cluster of another account',
    'the ARN of an MSK VPC connection',
    /^arn:aws[a-z-]*:kafka:[a-z0-9-]+:\d{12}:vpc-connection\/\d{12}\/[A-Za-z0-9-]+\/[A-Za-z0-9-]+$/,
  ).optional(),
};

/** MSK demands the prefix of the name and a customer's key: https://docs.aws.amazon.com/msk/latest/developerguide/msk-password-tutorial.html */
const mskScram = settings({
  ...msk,
  auth: oneOf('SASL/SCRAM-SHA-512', ['scram']),
  secretArn: text(
    'the secret `{"username":…,"password":…}` that is associated with the cluster',
    'the whole ARN of a secret whose name begins with AmazonMSK_',
    /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:AmazonMSK_[A-Za-z0-9/_+=.@!-]*-[A-Za-z0-9]{6}$/,
  ),
  secretKeyArn: keyArn('the key that the secret is encrypted with; MSK does not take AWS’s own'),
});

const certificate =
  'the secret `{"certificate":…,"privateKey":…}` (PEM; PKCS #8; `privateKeyPassword` if it has one)';

const mskSource = oneKindOf(
  'auth',
  ['iam', 'scram', 'mtls', 'none'],
  [
    settings({ ...msk, auth: oneOf('the function’s role', ['iam']) }),
    mskScram,
    settings({
      ...msk,
      auth: oneOf('a client certificate', ['mtls']),
      secretArn: secretArn(certificate),
      secretKeyArn,
    }),
    settings({ ...msk, auth: oneOf('no login, where the cluster has IAM switched off', ['none']) }),
  ],
);

const mskServerless = settings({
  kind: oneOf('Amazon MSK Serverless', ['msk-serverless']),
  clusterArn,
  auth: oneOf('the function’s role, the only login that MSK Serverless has', ['iam']),
});

const subnets = (must?: string) =>
  settings(
    {
      subnetIds: texts('subnets from which the brokers are reached', ...ec2Id('subnet'), 16),
      securityGroupIds: texts('security groups that the brokers let in', ...ec2Id('sg'), 5),
    },
    must,
  );

const selfManaged = {
  kind: oneOf('any other Kafka', ['self-managed']),
  bootstrapServers: texts(
    'brokers that are asked first',
    'host:port, the port 1 to 65535',
    broker,
    10,
  ),
  caSecretArn: secretArn(
    'the secret `{"certificate":…}` of the authority that signed the brokers’ certificates, if it is not a public one',
  ).optional(),
  secretKeyArn,
};

const selfManagedSource = oneKindOf(
  'auth',
  ['scram-256', 'scram-512', 'plain', 'mtls', 'none'],
  [
    settings({
      ...selfManaged,
      auth: oneOf(
        'how the mapping logs in, always over TLS: SASL/SCRAM, SASL/PLAIN or a client certificate',
        ['scram-256', 'scram-512', 'plain', 'mtls'],
      ),
      secretArn: secretArn(`the secret \`{"username":…,"password":…}\`; for mtls ${certificate}`),
      vpc: subnets().optional(),
    }),
    settings({
      ...selfManaged,
      auth: oneOf('no login', ['none']),
      // Brokers on the internet need a login: https://docs.aws.amazon.com/lambda/latest/dg/with-kafka.html
      vpc: subnets('given without a login: AWS reaches brokers without one only inside a VPC'),
    }),
  ],
);

const demo = settings({
  kind: oneOf(
    'a small MSK cluster with a producer, which the stack makes, and removes with itself',
    ['demo'],
  ),
  availabilityZones: texts(
    'the two zones of the brokers, if MSK is not in the region’s first two; it is not in the zone with the id use1-az3',
    'a zone like us-east-1a',
    /^[a-z0-9-]+$/,
    2,
    2,
  ).optional(),
  eventsPerMinute: wholeNumber('events that the producer makes in a minute', 1, 60_000).default(
    600,
  ),
});

/** The source of a stage, which can have the stack make the brokers. */
export const source = oneKindOf(
  'kind',
  ['msk', 'msk-serverless', 'self-managed', 'demo'],
  [mskSource, mskServerless, selfManagedSource, demo],
);

/** The source of a pipeline. */
export const cluster = oneKindOf(
  'kind',
  ['msk', 'msk-serverless', 'self-managed'],
  [mskSource, mskServerless, selfManagedSource],
);

export type Source = z.output<typeof source>;
export type SelfManagedSource = z.output<typeof selfManagedSource>;
export type MskSource = z.output<typeof mskSource> | z.output<typeof mskServerless>;
/** A source whose brokers the stack does not make. */
export type KafkaCluster = z.output<typeof cluster>;
