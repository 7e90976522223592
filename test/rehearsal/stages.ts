import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import cdk from '../../cdk.json' with { type: 'json' };
import { root } from './prepare.ts';

/** A stage of cdk.json, with the settings that a rehearsal changes. */
export interface Stage {
  readonly stackName: string;
  readonly topic: string;
  readonly consumerGroup: string;
  readonly sink: { readonly keyspace: string; readonly [setting: string]: unknown };
  readonly [setting: string]: unknown;
}

/** The address of a rehearsal's Cassandra, and the login of the function. */
export interface Database {
  readonly contactPoint: string;
  readonly localDataCenter: string;
  /** The path of the authority's PEM file from the project's folder. */
  readonly caFile: string;
  /** The secret with its name and password. */
  readonly secretArn: string;
}

const accountId = '111122223333';

/** Reads the smallest stage of docs/deploy.md, `prod`, and completes its shortened ARN. */
const documentedStage = (): Stage => {
  const page = readFileSync(join(root, 'docs/deploy.md'), 'utf8');
  const [, settings = ''] = /^ +"prod": (\{.*?^ {7}\})/ms.exec(page) ?? [];
  const cluster = '00000000-0000-4000-8000-000000000000-1';
  return JSON.parse(settings.replace('cluster/…', `cluster/prod/${cluster}`));
};

/** Makes a variant of a stage with a stack and a keyspace of its own: rehearsals run side by side. */
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

/** The VPC, the subnets and the nodes' group that stages name. `surroundings.ts` replaces them by real ones. */
export const named = {
  vpcId: 'vpc-0123456789abcdef0',
  subnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
  securityGroupId: 'sg-0123456789abcdef1',
} as const;

/** Makes the rehearsed stages: those of the docs and cdk.json, by their names there. */
export const rehearsedStages = (database: Database) => {
  const prod = documentedStage();
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
    /** The stage of self-managed servers: the emulator ignores the brokers; the Cassandra is real. */
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
    /** The stage in a VPC without internet access. */
    endpoints: another(prod, 'endpoints', {
      network: { ...network, endpoints: { keyspaces: true } },
    }),
    destroyed: another(prod, 'destroyed', { removal: 'destroy', encryption: 'own-key' }),
  } satisfies Readonly<Record<string, Stage>>;
};

/** The stages by name. */
export type Stages = ReturnType<typeof rehearsedStages>;

/** The environment of the account and region, as `cdk bootstrap` takes it. */
export const environment = `aws://${accountId}/eu-west-1`;

/** The bucket that `cdk bootstrap` creates for the functions' code. */
export const assetBucket = `cdk-hnb659fds-assets-${accountId}-eu-west-1`;
