import type * as z from 'zod';
import { block } from './addresses.ts';
import { ec2Id, flag, settings, text, texts } from './rules.ts';

/** What the function's security group opens in its VPC, and the endpoints that are made there. */
const opened = {
  database: settings({
    securityGroupId: text(
      'the security group of Cassandra’s nodes, which is opened to the function',
      ...ec2Id('sg'),
    ).optional(),
    cidr: text(
      'the addresses of Cassandra’s nodes, if they have no security group here',
      'a block named by its first address, like 10.0.0.0/16',
      block,
    ).optional(),
  }).prefault({}),
  endpoints: settings({
    keyspaces: flag('make an interface endpoint for Keyspaces').default(false),
    secretsManager: flag('make an interface endpoint for Secrets Manager').default(false),
  }).prefault({}),
};

/** The network of a pipeline, whose VPC, subnets and further groups are given as constructs. */
export const openings = settings(opened);

/** The VPC that the function runs in, if the database is reached from inside one. The mapping reaches the brokers by itself. */
export const network = settings({
  vpcId: text('the VPC', ...ec2Id('vpc')),
  availabilityZones: texts(
    'the availability zones of the subnets, in their order',
    'a zone like eu-west-1a',
    /^[a-z0-9-]+$/,
    6,
  ),
  subnetIds: texts('one subnet in each zone', ...ec2Id('subnet'), 6),
  securityGroupIds: texts(
    'security groups of the function besides its own',
    ...ec2Id('sg'),
    4,
  ).optional(),
  ...opened,
});

export type Network = z.output<typeof network>;
export type Openings = z.output<typeof openings>;
