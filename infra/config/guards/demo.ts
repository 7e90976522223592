import type { Guard } from './guard.ts';

/** Characters of an MSK cluster's name: https://docs.aws.amazon.com/msk/1.0/apireference/clusters.html */
const longestClusterName = 64;

export const demo: Guard = {
  needs: ['source', 'sink', 'stackName'],
  find: ({ source, sink, stackName }) => [
    source.kind === 'demo' &&
      stackName.length > longestClusterName && [
        'stackName',
        `must be at most ${longestClusterName} characters in a demo, whose cluster has that name: AWS takes no longer one ` +
          `(given "${stackName}")`,
      ],
    source.kind === 'demo' &&
      sink.kind !== 'keyspaces' && [
        'sink.kind',
        `must be keyspaces in a demo (given "${sink.kind}")`,
      ],
  ],
};
