export { openDestination } from './destinations/open-destination.ts';
export {
  type EventSourceMapping,
  type EventSourceMappingOptions,
  startEventSourceMapping,
} from './event-source-mapping.ts';
export type { FaultKind, FaultSwitches } from './faults/faults.ts';
export { type LambdaFunction, startFunction } from './function/function-process.ts';
export type { InvokeResult } from './function/invoke-result.ts';
export type { FunctionOptions } from './function/options.ts';
export type { KafkaConnection } from './kafka/connection.ts';
export type { BatchJudgement } from './mapping/batch-response.ts';
export type { Counts } from './mapping/counts.ts';
export type { Delivery } from './mapping/deliveries.ts';
export type { EventSource, KafkaEvent, KafkaEventRecord } from './mapping/kafka-event.ts';
export type { FailureEnvelope, OnFailureDestination } from './mapping/on-failure.ts';
export type { BatchReport } from './mapping/options.ts';
export { TriggerError } from './trigger-error.ts';
