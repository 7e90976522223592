import type { PipelineSettings } from './pipeline.ts';
import type { DeployConfig } from './stage.ts';

/** A demo's cluster: one of MSK with IAM, whose ARN only the deploy knows. */
const demoCluster = { kind: 'msk', auth: 'iam', clusterArn: '' } as const;

/** Makes the settings of the pipeline in a stage. Some of the stage may be wrong, or missing. */
export const pipelineOf = (stage: DeployConfig): PipelineSettings => {
  const { stackName, source, encryption, terminationProtection, tags, ...same } = stage;
  const kind: unknown = Object(source).kind;
  return {
    name: stackName,
    source: kind === 'demo' ? demoCluster : (source as PipelineSettings['source']),
    ...same,
  };
};
