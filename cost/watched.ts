import { App } from 'aws-cdk-lib';
import cdk from '../cdk.json' with { type: 'json' };
import { reasons } from '../functions/ingest/event/rejection.ts';
import { countOutcomes } from '../functions/ingest/observability/counts.ts';
import { batchMetrics } from '../functions/ingest/observability/metrics.ts';
import { readDeployConfig } from '../infra/config/read-deploy-config.ts';
import { UserEventsStack } from '../infra/user-events-stack.ts';

/** Counts the function's own metrics when every reason of rejection occurs. */
const metrics = (): number => {
  const rejected = Object.fromEntries(reasons.map((reason) => [reason, 1]));
  const effort = { durationMs: 0, transientFailures: 0, concurrency: 0 };
  return batchMetrics([], { ...countOutcomes([]), rejected }, effort, 0).length;
};

interface AlarmResource {
  readonly Type: string;
  readonly Properties: { readonly Metrics?: readonly { readonly MetricStat?: object }[] };
}

/** Counts the metrics that the alarms of stage `example` watch. A metric computed from others counts as these. */
const alarmedMetrics = (): number => {
  const { stages, ...flags } = cdk.context;
  const app = new App({ context: { ...flags, 'aws:cdk:bundling-stacks': [] } });
  const stack = new UserEventsStack(app, readDeployConfig('example', stages.example));
  const { template } = app.synth().getStackByName(stack.stackName);
  return Object.values<AlarmResource>(template.Resources)
    .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
    .map(({ Properties: { Metrics } }) => Metrics?.filter((one) => one.MetricStat).length ?? 1)
    .reduce((sum, one) => sum + one, 0);
};

/** The numbers of things for which CloudWatch charges by the month. */
export const watched = { metrics: metrics(), alarmedMetrics: alarmedMetrics() };
