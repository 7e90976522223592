import { RegionInfo } from 'aws-cdk-lib/region-info';
import { nameLike } from '../did-you-mean.ts';
import { partitionOf } from '../regions.ts';
import type { DeployConfig } from '../stage.ts';
import type { Finding, Guard } from './guard.ts';

/** Demands account and region of every stage but a demo. */
const target = (['account', 'region'] as const).map(
  (name): Guard<DeployConfig> => ({
    needs: [name],
    // The source is not among the needs: it may be wrong, or missing.
    find: ({ source, ...given }) => [
      Object(source).kind !== 'demo' &&
        given[name] === undefined && [
          name,
          `must be given, so that the stage is deployed to no other ${name} (not given)`,
        ],
    ],
  }),
);

const region: Guard<DeployConfig> = {
  needs: ['region'],
  find: ({ region: given }) => {
    if (given === undefined || partitionOf(given) !== undefined) return [];
    const like = nameLike(
      given,
      RegionInfo.regions.map(({ name }) => name),
    );
    return [
      [
        'region',
        `must be a region of AWS: this version of aws-cdk-lib knows none of that name (given "${given}"${
          like === undefined ? '' : `; did you mean ${like}?`
        })`,
      ],
    ];
  },
};

const zones: Guard<DeployConfig> = {
  needs: ['network', 'region'],
  find: ({ network, region: given }) => {
    if (network === undefined) return [];
    const { subnetIds, availabilityZones } = network;
    return [
      subnetIds.length !== availabilityZones.length && [
        'network.subnetIds',
        `must be as many as network.availabilityZones (given ${subnetIds.length} and ${availabilityZones.length})`,
      ],
      ...availabilityZones.map(
        (zone, index): Finding | false =>
          given !== undefined &&
          // A zone is its region and a letter; a local zone has its place between them.
          !new RegExp(`^${given}(-[a-z0-9-]+)?[a-z]$`).test(zone) && [
            `network.availabilityZones.${index}`,
            `must be a zone of the stack’s region, like ${given}a (given "${zone}")`,
          ],
      ),
    ];
  },
};

/** Characters of an MSK cluster's name: https://docs.aws.amazon.com/msk/1.0/apireference/clusters.html */
const longestClusterName = 64;

const demo: Guard<DeployConfig> = {
  needs: ['source', 'sink', 'stackName', 'network'],
  find: ({ source, sink, stackName, network }) =>
    source.kind === 'demo'
      ? [
          network !== undefined && ['network', 'must not be given in a demo, which makes its own'],
          stackName.length > longestClusterName && [
            'stackName',
            `must be at most ${longestClusterName} characters in a demo, whose cluster has that name: AWS takes no longer one ` +
              `(given "${stackName}")`,
          ],
          sink.kind !== 'keyspaces' && [
            'sink.kind',
            `must be keyspaces in a demo (given "${sink.kind}")`,
          ],
        ]
      : [],
};

/** The security groups that a stage may give where the function that runs operations takes one more: AWS takes five for a function. */
const mostGroups = 3;

const operateGroups: Guard<DeployConfig> = {
  needs: ['network', 'operate'],
  find: ({ network, operate }) => {
    const given = network?.securityGroupIds?.length ?? 0;
    return [
      operate &&
        given > mostGroups && [
          'network.securityGroupIds',
          `must be at most ${mostGroups} with operate, whose function has a group of its own besides: AWS takes five (given ${given})`,
        ],
    ];
  },
};

/** The guards of what a stage has besides its pipeline: the stack's place, the ids of a network, and the demo. */
export const stageGuards: readonly Guard<DeployConfig>[] = [
  ...target,
  region,
  zones,
  demo,
  operateGroups,
];
