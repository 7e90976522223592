import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { FreeVariable } from '../config/made-of.ts';
import type { KafkaSource } from './kafka-source.ts';
import type { OnFailure } from './on-failure.ts';
import type { SchemaRegistry } from './schema-registry.ts';
import type { Sink } from './sink.ts';

/** When an event is late, and what becomes of it. */
export interface LatenessProps {
  /**
   * How far behind the largest event time of its partition an event may be, 0 s to 7 days, in whole seconds.
   * @default Duration.minutes(2)
   */
  readonly outOfOrderness?: Duration | undefined;
  /**
   * Compares an event with the records before it (running), or with its whole batch as well (batch).
   * @default 'running'
   */
  readonly rule?: 'running' | 'batch' | undefined;
  /**
   * Keeps late events in rejected_events, or only counts them (drop).
   * @default 'keep'
   */
  readonly lateEvents?: 'keep' | 'drop' | undefined;
  /**
   * How far ahead of its record's timestamp an event time may be and still raise the largest event time, 0 s to 7 days.
   * @default the value of outOfOrderness
   */
  readonly maxFuture?: Duration | undefined;
}

/** The event source mapping. The limits are AWS's. */
export interface MappingProps {
  /**
   * Records in a batch at most, 1 to 10,000.
   * @default 1000
   */
  readonly batchSize?: number | undefined;
  /**
   * How long to wait for a full batch, 0 to 300 s.
   * @default Duration.seconds(1)
   */
  readonly batchingWindow?: Duration | undefined;
  /**
   * Event pollers in provisioned mode, or Lambda's own, which lack retries, bisecting and partial responses.
   * @default { minimum: 1, maximum: 4 }
   */
  readonly pollers?:
    | 'on-demand'
    | { readonly minimum: number; readonly maximum: number }
    | undefined;
  /**
   * Retries of a batch before it goes to the on-failure destination, 0 to 10,000; -1 for ever, without a destination alone.
   * @default 100
   */
  readonly retryAttempts?: number | undefined;
  /**
   * The age at which a record goes to the on-failure destination untried, 60 s to 7 days.
   * @default records of any age are tried
   */
  readonly maxRecordAge?: Duration | undefined;
  /**
   * Halves a batch whose invocation failed.
   * @default true
   */
  readonly bisect?: boolean | undefined;
  /**
   * Where a consumer group begins that has committed no offset yet.
   * @default 'trim-horizon'
   */
  readonly startingPosition?: 'trim-horizon' | 'at-timestamp' | 'latest' | undefined;
  /**
   * The time for at-timestamp, like 2026-11-25T00:00:00Z, not in the future.
   * @default none
   */
  readonly startingTimestamp?: string | undefined;
  /**
   * Another number makes a new mapping: needed when topic, consumer group or starting position changes, which AWS cannot update.
   * @default 1
   */
  readonly generation?: number | undefined;
  /**
   * The level of the mapping's own log lines, in the function's log group.
   * @default 'WARN'
   */
  readonly logLevel?: 'WARN' | 'INFO' | 'DEBUG' | undefined;
}

/** The function. */
export interface FunctionProps {
  /**
   * Memory in MB, 128 to 10,240; the share of a CPU grows with it.
   * @default 512
   */
  readonly memory?: number | undefined;
  /**
   * How long an invocation may take, 30 to 840 s.
   * @default Duration.seconds(60)
   */
  readonly timeout?: Duration | undefined;
  /**
   * Days that log lines are kept.
   * @default 30
   */
  readonly logRetentionDays?: RetentionDays | undefined;
  /**
   * Execution environments that are kept for the function, and at most run.
   * @default the account's limit holds
   */
  readonly reservedConcurrency?: number | undefined;
  /**
   * Traces invocations with X-Ray.
   * @default false
   */
  readonly tracing?: boolean | undefined;
}

/** The VPC that the functions run in. The event source mapping reaches the brokers by itself. */
export interface NetworkProps {
  /** The VPC. */
  readonly vpc: IVpc;
  /**
   * The subnets.
   * @default the VPC's private subnets
   */
  readonly subnets?: SubnetSelection | undefined;
  /**
   * Security groups of the functions besides their own.
   * @default none
   */
  readonly securityGroups?: readonly ISecurityGroup[] | undefined;
  /** The nodes of Cassandra, to which the functions' group is opened: their security group, or a block of addresses. */
  readonly database?:
    | { readonly securityGroup: ISecurityGroup | string }
    | { readonly cidr: string }
    | undefined;
  /** Interface endpoints that are made in the VPC. */
  readonly endpoints?:
    | {
        /** Makes one of Keyspaces. @default false */
        readonly keyspaces?: boolean | undefined;
        /** Makes one of Secrets Manager. @default false */
        readonly secretsManager?: boolean | undefined;
      }
    | undefined;
}

/** The thresholds of the alarms, and whom they reach. */
export interface AlarmsProps {
  /**
   * The topic that alarms are sent to.
   * @default they only change colour
   */
  readonly topic?: ITopic | undefined;
  /**
   * The address of docs/operations.md, which alarms link to.
   * @default 'docs/operations.md'
   */
  readonly runbook?: string | undefined;
  /**
   * Records that a partition may be behind for 15 minutes.
   * @default 100000
   */
  readonly maxOffsetLag?: number | undefined;
  /**
   * How far event time may be behind for 15 minutes.
   * @default Duration.hours(1)
   */
  readonly watermarkLag?: Duration | undefined;
  /**
   * The percentage of records that may be rejected, late events not counted.
   * @default 1
   */
  readonly rejectedPercent?: number | undefined;
  /**
   * The percentage of records that may be late.
   * @default 10
   */
  readonly latePercent?: number | undefined;
  /**
   * The percentage of records whose events may be too far ahead of their timestamps.
   * @default 10
   */
  readonly futurePercent?: number | undefined;
  /**
   * How long no record may come, 5 minutes to a day.
   * @default silence does not alarm
   */
  readonly silence?: Duration | undefined;
}

export interface UserEventsPipelineProps {
  /** Where the topic is. */
  readonly source: KafkaSource;
  /** The topic that is read. */
  readonly topic: string;
  /** The consumer group of the mapping and of the checkpoints; another group begins anew. */
  readonly consumerGroup: string;
  /** Where the rows go. */
  readonly sink: Sink;
  /**
   * The name of the dashboard, and of the pipeline in the names of its alarms and in its metrics: letters, digits and -_, at most 128.
   * @default a name made of the construct's path
   */
  readonly name?: string | undefined;
  /**
   * When an event is late, and what becomes of it.
   * @default two minutes behind the largest event time of its partition, and kept
   */
  readonly lateness?: LatenessProps | undefined;
  /**
   * The registry of the schemas that values were written with.
   * @default values are bare Avro, or name a schema that the package bundles
   */
  readonly schemaRegistry?: SchemaRegistry | undefined;
  /**
   * The event source mapping.
   * @default provisioned mode, with batches of at most a thousand records
   */
  readonly mapping?: MappingProps | undefined;
  /**
   * Where batches go whose retries have ended.
   * @default OnFailure.bucket()
   */
  readonly onFailure?: OnFailure | undefined;
  /**
   * The VPC that the functions run in.
   * @default none: the database is reached over the internet
   */
  readonly network?: NetworkProps | undefined;
  /**
   * The function that writes the rows.
   * @default 512 MB, and a minute for an invocation
   */
  readonly function?: FunctionProps | undefined;
  /**
   * Further variables of the function, by their names. The README lists them.
   * @default the function's own defaults
   */
  readonly environment?: Readonly<Partial<Record<FreeVariable, string | undefined>>> | undefined;
  /**
   * The key of the bucket or queue, the logs, the variables and Keyspaces' tables. Its policy is completed, if it is a key of this app.
   * @default keys of AWS's own
   */
  readonly encryptionKey?: IKey | undefined;
  /**
   * What becomes of tables and bucket when the stack is deleted.
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy | undefined;
  /**
   * The alarms; false makes none.
   * @default alarms with the thresholds below, which only change colour
   */
  readonly alarms?: AlarmsProps | false | undefined;
  /**
   * Makes the function that runs operations where the database is reached (`user-events … --via-function`), and a bucket for their files.
   * @default false
   */
  readonly operate?: boolean | undefined;
  /**
   * Makes a dashboard.
   * @default true
   */
  readonly dashboard?: boolean | undefined;
  /**
   * Writes stack outputs with the names that the runbooks ask for.
   * @default true
   */
  readonly outputs?: boolean | undefined;
}
