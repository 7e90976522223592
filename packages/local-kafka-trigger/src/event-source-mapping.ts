import { openDestination } from './destinations/open-destination.ts';
import { createFaults, type FaultSwitches, type Faults } from './faults/faults.ts';
import { type LambdaFunction, startFunction } from './function/function-process.ts';
import type { FunctionOptions } from './function/options.ts';
import { brokerList, type KafkaConnection } from './kafka/connection.ts';
import { counting } from './mapping/counts.ts';
import { createDeliveries, type Delivery } from './mapping/deliveries.ts';
import type { OnFailureDestination } from './mapping/on-failure.ts';
import type { PollerOptions } from './mapping/options.ts';
import { type Poller, startPoller } from './mapping/poller.ts';
import { TriggerError } from './trigger-error.ts';

export interface EventSourceMappingOptions
  extends Omit<PollerOptions, 'connection' | 'invoke' | 'onFailure' | 'loseCommit'> {
  /** The brokers, `host:port` with commas between, without a login. */
  readonly brokers?: string | readonly string[];
  /** The brokers with TLS and a login, in place of `brokers`. */
  readonly connection?: KafkaConnection;
  /** The function, which is started and ended with the mapping. */
  readonly function?: Omit<FunctionOptions, 'environments'>;
  /** Calls a function of the caller's own, in place of `function`. */
  readonly invoke?: PollerOptions['invoke'];
  /** A folder, `s3://bucket`, the ARN or URL of an SQS queue, or a function that keeps what is given up. */
  readonly onFailure?: string | OnFailureDestination;
  /** Faults that happen to every nth invocation. */
  readonly faults?: FaultSwitches;
  /** The number of last invocations that `deliveries` holds. Default 1,000. */
  readonly keepDeliveries?: number;
}

export interface EventSourceMapping extends Poller {
  /** The last invocations, the oldest first. */
  readonly deliveries: readonly Delivery[];
  /** Strikes the next invocation with a fault; resolves when it has. */
  readonly inject: Faults['inject'];
  /** The function's processes; `undefined` for a function of the caller's own. */
  readonly function: LambdaFunction | undefined;
}

/**
 * Starts Lambda's Kafka event source mapping on this machine: a member of a real consumer group, which invokes a function and treats its
 * failures as AWS does.
 * @throws {TriggerError} for settings that AWS refuses, and where the topic or the function cannot be used.
 */
export const startEventSourceMapping = async (
  options: EventSourceMappingOptions,
): Promise<EventSourceMapping> => {
  const { brokers, function: configuration, invoke, onFailure, faults, ...given } = options;
  if ((configuration === undefined) === (invoke === undefined))
    throw new TriggerError('The mapping needs either a function or an invoke.');
  // https://docs.aws.amazon.com/lambda/latest/dg/with-msk-configure.html
  const { timeoutSeconds = 3 } = configuration ?? {};
  if (!(timeoutSeconds > 0 && timeoutSeconds <= 840))
    throw new TriggerError(
      `timeoutSeconds must be more than 0, and 840 at the most for a Kafka mapping (given ${timeoutSeconds}).`,
    );
  const connection = options.connection ?? {
    bootstrapServers: [brokers ?? []].flat().flatMap(brokerList),
  };
  if (connection.bootstrapServers.length === 0)
    throw new TriggerError('The mapping needs the brokers, as host:port.');

  // The destination is opened before anything is started: it may be refused.
  const destination = typeof onFailure === 'string' ? await openDestination(onFailure) : onFailure;
  const lambda =
    configuration &&
    (await startFunction({ ...configuration, environments: options.concurrency ?? 1 }));
  const faulty = createFaults(faults ?? {}, lambda);
  const kept = createDeliveries(options.keepDeliveries ?? 1000);
  // A member that joins for a rebalance is counted with this one.
  const settings = counting<PollerOptions>({
    ...(lambda && { functionArn: lambda.arn }),
    ...given,
    connection,
    invoke: lambda?.invoke ?? (invoke as PollerOptions['invoke']),
    ...(destination !== undefined && { onFailure: destination }),
    onBatch: (report, invocation) => {
      kept.add(report, invocation);
      options.onBatch?.(report, invocation);
    },
  });
  const poller = await startPoller({
    ...settings,
    invoke: faulty.around(settings.invoke),
    loseCommit: faulty.loseCommit,
  }).catch(async (error) => {
    await lambda?.[Symbol.asyncDispose]();
    throw error;
  });
  faulty.attach(poller, () => startPoller({ ...settings, consumerGroup: poller.consumerGroup }));
  const stop = async (): Promise<void> => {
    await poller.stop();
    await lambda?.[Symbol.asyncDispose]();
  };
  return {
    ...poller,
    counts: settings.counts,
    deliveries: kept.deliveries,
    function: lambda,
    inject: faulty.inject,
    stop,
    [Symbol.asyncDispose]: stop,
  };
};
