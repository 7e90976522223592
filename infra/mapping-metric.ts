/** The metrics of `metricsConfig`: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
export type MappingMetric =
  | 'PolledEventCount'
  | 'InvokedEventCount'
  | 'FailedInvokeEventCount'
  | 'DroppedEventCount'
  | 'OnFailureDestinationDeliveredEventCount'
  | 'CommittedEventCount'
  | 'PollingErrorCount'
  | 'InvokeErrorCount'
  | 'OnFailureDestinationDeliveryErrorCount'
  | 'CommitErrorCount'
  | 'MaxOffsetLag'
  | 'SumOffsetLag'
  | 'ProvisionedPollers'
  | 'EventPollerUnit';
