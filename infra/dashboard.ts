import { Dashboard, GraphWidget, type IMetric, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { PipelineSettings } from './config/pipeline.ts';
import type { PipelineMetrics } from './pipeline-metrics.ts';

const graph = (title: string, left: IMetric[], right: IMetric[] = []): GraphWidget =>
  new GraphWidget({ title, left, right, width: 12, height: 6 });

/** A dashboard for the engineer on call: lag, waiting and rejected records, and the load on the database. */
export class EventsDashboard extends Construct {
  /** The dashboard's name. */
  readonly dashboardName: string;

  /** @internal */
  constructor(
    scope: Construct,
    id: string,
    { own, mapping, target, brokenByReason, keyspacesThrottles, period }: PipelineMetrics,
    { name, topic, alarms }: PipelineSettings,
  ) {
    super(scope, id);
    const dashboard = new Dashboard(this, 'Dashboard', { dashboardName: name });
    this.dashboardName = dashboard.dashboardName;
    dashboard.addWidgets(
      new TextWidget({
        markdown: `User events from **${topic}**. How to read this page: ${alarms.runbook}#read-the-dashboard`,
        width: 24,
        height: 1,
      }),
    );
    dashboard.addWidgets(
      graph(
        'Is it behind? Offset lag; event time',
        [mapping('MaxOffsetLag', 'Maximum'), mapping('SumOffsetLag', 'Maximum')],
        [own('watermarkLagMs', 'Maximum')],
      ),
      graph(
        'What became of records',
        ['records', 'written', 'late', 'broken', 'superseded', 'future'].map((name) =>
          own(name as Parameters<typeof own>[0]),
        ),
      ),
    );
    dashboard.addWidgets(
      graph('Is anything waiting or lost?', [
        own('failed'),
        mapping('FailedInvokeEventCount'),
        mapping('OnFailureDestinationDeliveredEventCount'),
        mapping('OnFailureDestinationDeliveryErrorCount'),
        mapping('DroppedEventCount'),
      ]),
      graph('Rejected, by reason', brokenByReason),
    );
    dashboard.addWidgets(
      graph(
        'Invocations',
        [
          target.metricInvocations({ period }),
          target.metricErrors({ period }),
          target.metricThrottles({ period }),
        ],
        [target.metricDuration({ period, statistic: 'p99' })],
      ),
      graph(
        'The database: milliseconds',
        [own('writesMs', 'p50'), own('writesMs', 'p99'), own('checkpointMs', 'p99')],
        [own('transientFailures'), ...keyspacesThrottles],
      ),
    );
    dashboard.addWidgets(
      graph(
        'The mapping: records, errors',
        [mapping('PolledEventCount'), mapping('InvokedEventCount'), mapping('CommittedEventCount')],
        [mapping('PollingErrorCount'), mapping('InvokeErrorCount'), mapping('CommitErrorCount')],
      ),
      graph('The mapping: pollers, and units that are paid for', [
        mapping('ProvisionedPollers', 'Maximum'),
        mapping('EventPollerUnit'),
      ]),
    );
  }
}
