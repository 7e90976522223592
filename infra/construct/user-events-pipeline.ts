import { Annotations, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { Connections, type IConnectable } from 'aws-cdk-lib/aws-ec2';
import { Grant, type IGrantable, type IRole } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct, type IDependable } from 'constructs';
import type { MetricName } from '../../functions/ingest/observability/metrics.ts';
import { tableNames } from '../../schema/tables.ts';
import { Alarms } from '../alarms.ts';
import { warnings } from '../config/warnings.ts';
import { EventsDashboard } from '../dashboard.ts';
import { letServicesUse } from '../encryption-key.ts';
import { ownArn } from '../grants.ts';
import { IngestFunction } from '../ingest-function.ts';
import { KafkaMapping } from '../kafka-mapping.ts';
import type { MappingMetric } from '../mapping-metric.ts';
import { Network } from '../network.ts';
import { onFailureDestination } from '../on-failure.ts';
import { Operate } from '../operate-function.ts';
import { outputs } from '../outputs.ts';
import { type PipelineMetrics, pipelineMetrics } from '../pipeline-metrics.ts';
import { tables } from '../tables.ts';
import { settingsOfPipeline } from './pipeline-settings.ts';
import type { UserEventsPipelineProps } from './props.ts';

/**
 * Brings a Kafka topic of user events into Cassandra or Amazon Keyspaces: tables, function, event source mapping, on-failure
 * destination, alarms and dashboard. Settings that AWS would refuse or ignore are refused by the constructor, all of them together;
 * settings that lose data are warned of.
 */
export class UserEventsPipeline extends Construct implements IConnectable {
  /** The function that writes the rows. */
  readonly function: IFunction;
  /** The role of the function and of its event source mapping. */
  readonly role: IRole;
  /** The log group of the function and of its event source mapping. */
  readonly logGroup: ILogGroup;
  /** The UUID of the event source mapping. */
  readonly mappingId: string;
  /** The bucket of batches whose retries have ended; null with another destination. */
  readonly failedBatchesBucket: IBucket | null;
  /** The queue of the offsets of such batches; null with another destination. */
  readonly failedBatchesQueue: IQueue | null;
  /** The function that runs operations; null without `operate`. */
  readonly operateFunction: IFunction | null;
  /** The tables of the keyspace, each as `keyspace.table`. */
  readonly tableNames: readonly string[];
  /** The alarms; null if they are left out. */
  readonly alarms: Alarms | null;
  /** The dashboard; null if it is left out. */
  readonly dashboard: EventsDashboard | null;

  readonly #network: Network | undefined;
  readonly #mapping: KafkaMapping;
  readonly #metrics: PipelineMetrics;
  readonly #isOnKeyspaces: boolean;
  readonly #operateBucket: IBucket | undefined;

  /** @throws {Error} naming every mistake in the props. */
  constructor(scope: Construct, id: string, props: UserEventsPipelineProps) {
    super(scope, id);
    const config = settingsOfPipeline(this, props);
    const { source, sink, onFailure: destination } = config;
    const { removalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, encryptionKey: key } = props;
    for (const [name, text] of warnings(config))
      Annotations.of(this).addWarningV2(`user-events:${name}`, text);
    if (sink.kind === 'keyspaces' && sink.tables.create && config.removal === 'retain')
      Annotations.of(this).addInfoV2(
        'user-events:existing-keyspace',
        `The stack makes the keyspace ${sink.keyspace} with its tables. Where an earlier stack has left them, add --import-existing-resources ` +
          'to the first cdk deploy, or it fails with "already exists".',
      );

    if (key !== undefined) letServicesUse(key, this);
    const network =
      props.network && config.network
        ? new Network(this, 'Network', props.network, config.network, config)
        : undefined;
    const made = tables(this, config, { removalPolicy, network, key });
    const target = new IngestFunction(this, 'Ingest', { config, network, key });
    // A new version of the function must find its new columns in the table.
    if (made !== null) target.function.node.addDependency(made);
    const onFailure = onFailureDestination(this, destination, {
      removalPolicy,
      key,
      bucket: props.onFailure?.givenBucket,
      queue: props.onFailure?.givenQueue,
    });
    onFailure.grant(target.role);

    const { bucket, queue } = onFailure;
    const operate = config.operate
      ? new Operate(this, 'Operate', {
          ...{ config, source, network, removalPolicy, key },
          failed: { bucket, queue },
        })
      : null;

    const mapping = new KafkaMapping(this, 'Source', {
      config,
      source,
      target,
      onFailure: onFailure.name,
      key,
    });
    const metrics = pipelineMetrics(target.function, mapping.mappingId, config);
    const { alarms = {}, dashboard = true, outputs: hasOutputs = true } = props;
    this.alarms = alarms === false ? null : new Alarms(this, 'Alarms', metrics, config);
    this.dashboard = dashboard ? new EventsDashboard(this, 'Dashboard', metrics, config) : null;
    this.function = target.function;
    this.role = target.role;
    this.logGroup = target.function.logGroup;
    this.mappingId = mapping.mappingId;
    this.failedBatchesBucket = bucket;
    this.failedBatchesQueue = queue;
    this.operateFunction = operate?.made.function ?? null;
    this.#operateBucket = operate?.bucket;
    this.tableNames = tableNames.map((table) => `${sink.keyspace}.${table}`);
    this.#network = network;
    this.#mapping = mapping;
    this.#metrics = metrics;
    this.#isOnKeyspaces = sink.kind === 'keyspaces';
    if (hasOutputs)
      outputs(
        this,
        {
          functionName: this.function.functionName,
          logGroupName: this.logGroup.logGroupName,
          mappingId: this.mappingId,
          dashboardName: this.dashboard?.dashboardName ?? null,
          onFailure: onFailure.shown,
          operate: operate && {
            functionName: operate.made.function.functionName,
            bucketName: operate.bucket.bucketName,
          },
        },
        config,
      );

    // The mapping comes last, but for resources that need its id: a first deploy that fails earlier has written no rows, so
    // its rollback deletes empty tables (docs/decisions/0014).
    const before = [made, network, bucket, queue, operate];
    this.startAfter(
      ...before.filter((one) => one !== null && one !== undefined),
      ...(this.alarms?.ofTheFunction ?? []),
    );
  }

  /**
   * The security group of the functions, in a VPC.
   * @throws {Error} if the pipeline has no `network`.
   */
  get connections(): Connections {
    if (this.#network === undefined)
      throw new Error(
        `${this.node.path} has no connections: its functions run in no VPC. Give it a network.`,
      );
    return new Connections({ securityGroups: [this.#network.group] });
  }

  /** Delays the event source mapping until other resources exist: records come from then on. */
  startAfter(...others: readonly IDependable[]): void {
    this.#mapping.makeAfter(...others);
  }

  /**
   * Lets somebody read the tables on Amazon Keyspaces.
   * @throws {Error} on Cassandra, which knows no IAM: its own roles grant access there.
   */
  grantReadTables(grantee: IGrantable): Grant {
    if (!this.#isOnKeyspaces)
      throw new Error(
        `${this.node.path} cannot grant access to its tables: IAM does not reach into Cassandra. Use GRANT there.`,
      );
    return Grant.addToPrincipal({
      grantee,
      actions: ['cassandra:Select'],
      resourceArns: [
        ...this.tableNames.map((name) =>
          ownArn(this, 'cassandra', `/keyspace/${name.replace('.', '/table/')}`),
        ),
        // A driver reads the system tables when it connects.
        ownArn(this, 'cassandra', '/keyspace/system*'),
      ],
    });
  }

  /**
   * Lets somebody read the batches whose retries have ended.
   * @throws {Error} if they go to no bucket or queue.
   */
  grantReadFailedBatches(grantee: IGrantable): Grant {
    const grant =
      this.failedBatchesBucket?.grantRead(grantee) ??
      this.failedBatchesQueue?.grantConsumeMessages(grantee);
    if (grant === undefined)
      throw new Error(`${this.node.path} has no bucket and no queue of failed batches.`);
    return grant;
  }

  /**
   * Lets somebody run operations by the pipeline's own function.
   * @throws {Error} if the pipeline has none.
   */
  grantOperate(grantee: IGrantable): Grant {
    if (this.operateFunction === null || this.#operateBucket === undefined)
      throw new Error(`${this.node.path} has no function that runs operations: give it operate.`);
    const { stackId } = Stack.of(this);
    return this.operateFunction
      .grantInvoke(grantee)
      .combine(this.#operateBucket.grantReadWrite(grantee))
      .combine(
        Grant.addToPrincipal({
          grantee,
          actions: ['cloudformation:DescribeStacks'],
          resourceArns: [stackId],
        }),
      );
  }

  /** Gives a metric of the function's own: a sum over a minute, unless the options say otherwise. */
  metric(name: MetricName, options: MetricOptions = {}): Metric {
    return this.#metrics.own(name).with(options);
  }

  /** Gives a metric of the event source mapping: a sum over a minute, unless the options say otherwise. */
  metricOfMapping(name: MappingMetric, options: MetricOptions = {}): Metric {
    return this.#metrics.mapping(name).with(options);
  }

  /** Counts the records that came. */
  metricRecords(options?: MetricOptions): Metric {
    return this.metric('records', options);
  }

  /** Counts the rows written to `user_events`. */
  metricWritten(options?: MetricOptions): Metric {
    return this.metric('written', options);
  }

  /** Counts the late events, kept or only counted. */
  metricLate(options?: MetricOptions): Metric {
    return this.metric('late', options);
  }

  /** Counts the records that were rejected for any reason but lateness. */
  metricBroken(options?: MetricOptions): Metric {
    return this.metric('broken', options);
  }

  /** Counts the records that failed and come again. */
  metricFailed(options?: MetricOptions): Metric {
    return this.metric('failed', options);
  }

  /** Gives the time from a partition's largest event time to now: the largest, in milliseconds. */
  metricWatermarkLag(options?: MetricOptions): Metric {
    return this.metric('watermarkLagMs', { statistic: 'Maximum', ...options });
  }

  /** Gives the records that a partition is behind: the most. */
  metricOffsetLag(options?: MetricOptions): Metric {
    return this.metricOfMapping('MaxOffsetLag', { statistic: 'Maximum', ...options });
  }
}
