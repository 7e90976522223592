import type { Guard } from './guard.ts';

/** Refuses `*` in a group's name under IAM: it would be a wildcard in the role's policy. */
export const groupName: Guard = {
  needs: ['source', 'consumerGroup'],
  find: ({ source, consumerGroup }) => [
    source.auth === 'iam' &&
      consumerGroup.includes('*') && [
        'consumerGroup',
        `must be without * under IAM, which would take it for any group (given "${consumerGroup}")`,
      ],
  ],
};

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html, SourceAccessConfigurations */
const mostAccesses = 22;

export const accesses: Guard = {
  needs: ['source'],
  find: ({ source }) => {
    if (source.kind !== 'self-managed' || source.vpc === undefined) return [];
    const { subnetIds, securityGroupIds } = source.vpc;
    const logins = ('secretArn' in source ? 1 : 0) + (source.caSecretArn === undefined ? 0 : 1);
    const given = subnetIds.length + securityGroupIds.length + logins;
    return [
      given > mostAccesses && [
        'source.vpc',
        `must have at most ${mostAccesses} subnets and groups, login and CA counted as one each: AWS takes no more (given ${given})`,
      ],
    ];
  },
};

/** Refuses the key of a secret that is not given. */
export const secretKey: Guard = {
  needs: ['source'],
  find: ({ source }) => [
    source.kind === 'self-managed' &&
      source.secretKeyArn !== undefined &&
      !('secretArn' in source) &&
      source.caSecretArn === undefined && [
        'source.secretKeyArn',
        `must not be given without secretArn or caSecretArn: it would do nothing (given "${source.secretKeyArn}")`,
      ],
  ],
};

/** Refuses a VPC connection to another cluster than the one that the role is granted. */
export const vpcConnection: Guard = {
  needs: ['source'],
  find: ({ source }) => {
    if (source.kind !== 'msk' || source.vpcConnectionArn === undefined) return [];
    const [, , , , account, cluster] = source.clusterArn.split(':');
    const leadsTo = `${account}/${cluster?.split('/')[1]}`;
    return [
      !source.vpcConnectionArn.includes(`:vpc-connection/${leadsTo}/`) && [
        'source.vpcConnectionArn',
        `must lead to the cluster of source.clusterArn, as in …:vpc-connection/${leadsTo}/… (given "${source.vpcConnectionArn}")`,
      ],
    ];
  },
};
