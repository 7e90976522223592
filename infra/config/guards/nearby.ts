import { arnsIn } from '../arns.ts';
import type { PipelineSettings } from '../pipeline.ts';
import { partitionOf } from '../regions.ts';
import { isToken } from '../tokens.ts';
import type { Finding, Guard } from './guard.ts';

/** The settings whose ARN must be of the stack's own account, each with the reason. */
const ownAccount = ({ source }: PipelineSettings): Readonly<Record<string, string>> => ({
  'schemaRegistry.registryArn': 'the mapping takes no registry of another account',
  ...(Object(source).vpcConnectionArn !== undefined
    ? { 'source.vpcConnectionArn': 'a VPC connection belongs to the account that connects' }
    : {
        'source.clusterArn':
          'AWS reads a cluster of another account only by a VPC connection of this one; name it in source.vpcConnectionArn',
      }),
});

/**
 * Refuses an ARN of another region or partition: an event source mapping, a function and an alarm take nothing from another one. Refuses
 * an ARN of another account if AWS does not take it.
 */
export const nearby: Guard = {
  needs: ['account', 'region'],
  find: (config) => {
    const { account, region } = config;
    const own = ownAccount(config);
    const partition = region === undefined ? undefined : partitionOf(region);
    return arnsIn(config).flatMap(({ path, ...given }): (Finding | false)[] => [
      region !== undefined &&
        !isToken(given.region) &&
        given.region !== region && [
          path,
          `must be of the stack’s region, ${region} (given "${given.arn}")`,
        ],
      given.region === region &&
        partition !== undefined &&
        !isToken(given.partition) &&
        given.partition !== partition && [
          path,
          `must be of the partition of region ${region}, as in arn:${partition}:… (given "${given.arn}")`,
        ],
      own[path] !== undefined &&
        account !== undefined &&
        !isToken(given.account) &&
        given.account !== account && [
          path,
          `must be of the stack’s account, ${account}: ${own[path]} (given "${given.arn}")`,
        ],
    ]);
  },
};
