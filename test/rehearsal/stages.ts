import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import cdk from '../../cdk.json' with { type: 'json' };
import { root } from './prepare.ts';

/** A stage as cdk.json has it, as far as a rehearsal changes it. */
export interface Stage {
  readonly stackName: string;
  readonly topic: string;
  readonly consumerGroup: string;
  readonly sink: { readonly keyspace: string; readonly [setting: string]: unknown };
  readonly [setting: string]: unknown;
}

/** Where the Cassandra of a rehearsal is, and how the function logs in. */
export interface Database {
  readonly contactPoint: string;
  readonly localDataCenter: string;
  /** The PEM file of its authority, by a path from the project's folder. */
  readonly caFile: string;
  /** The secret with its name and password. */
  readonly secretArn: string;
}

const accountId = '111122223333';

/** README's smallest stage, which it calls prod, with a whole ARN in place of the one that it cuts short. */
const readmeStage = (): Stage => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const [, settings = ''] = /^ +"prod": (\{.*?^ {7}\})/ms.exec(readme) ?? [];
  const cluster = '00000000-0000-4000-8000-000000000000-1';
  return JSON.parse(settings.replace('cluster/…', `cluster/prod/${cluster}`));
};

/** Another stack of a stage, with a keyspace of its own: rehearsals run beside each other. */
export const another = (stage: Stage, name: string, settings: object = {}): Stage => ({
  ...stage,
  stackName: `user-events-${name}`,
  ...settings,
  sink: {
    ...stage.sink,
    ...('sink' in settings ? (settings.sink as object) : {}),
    keyspace: `user_events_${name.replaceAll('-', '_')}`,
  },
});

/** The VPC, the subnets and the nodes' group that stages name; `surroundings.ts` has real ones in their place. */
export const named = {
  vpcId: 'vpc-0123456789abcdef0',
  subnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
  securityGroupId: 'sg-0123456789abcdef1',
} as const;

/** The stages that are rehearsed: those that README and docs name, by what they are called there. */
export const rehearsedStages = (database: Database) => {
  const prod = readmeStage();
  const { vpcId, subnetIds, securityGroupId } = named;
  const network = { vpcId, subnetIds, availabilityZones: ['eu-west-1a', 'eu-west-1b'] };
  const cassandra = {
    kind: 'cassandra',
    contactPoints: [database.contactPoint],
    localDataCenter: database.localDataCenter,
    caFile: database.caFile,
    login: { secretArn: database.secretArn },
    tables: { replication: { [database.localDataCenter]: 1 } },
  };
  return {
    prod,
    example: another(cdk.context.stages.example, 'example'),
    /** The brokers are AWS’s business; Cassandra is one that is really there. */
    'example-self-managed': another(cdk.context.stages['example-self-managed'], 'self-managed', {
      sink: cassandra,
      network: { ...network, database: { securityGroupId } },
    }),
    demo: cdk.context.stages.demo as Stage,
    cassandra: another(prod, 'cassandra', { sink: cassandra }),
    'on-demand': another(prod, 'on-demand', { mapping: { pollers: 'on-demand' } }),
    'own-key': another(prod, 'own-key', {
      encryption: 'own-key',
      onFailure: { kind: 'sqs' },
      function: { reservedConcurrency: 10, tracing: true },
      sink: {
        tables: {
          userEventsTtlDays: 365,
          capacity: { read: { minimum: 10, maximum: 100 }, write: { minimum: 100, maximum: 400 } },
        },
      },
    }),
    /** In a VPC without a way out. */
    endpoints: another(prod, 'endpoints', {
      network: { ...network, endpoints: { keyspaces: true } },
    }),
    destroyed: another(prod, 'destroyed', { removal: 'destroy', encryption: 'own-key' }),
  } satisfies Readonly<Record<string, Stage>>;
};

/** The stages by name. */
export type Stages = ReturnType<typeof rehearsedStages>;

/** An account's and region's environment, as `cdk bootstrap` takes it. */
export const environment = `aws://${accountId}/eu-west-1`;

/** The bucket that `cdk bootstrap` makes for the functions' code. */
export const assetBucket = `cdk-hnb659fds-assets-${accountId}-eu-west-1`;
