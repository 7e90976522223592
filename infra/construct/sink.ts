import type { Duration } from 'aws-cdk-lib';
import type { Sink as SinkSettings } from '../config/sink.ts';
import { type SecretOrArn, secretSettings, settingsOf } from './given.ts';

/** The capacity units of a table that grows and shrinks with its load. */
export interface CapacityUnits {
  /** Units at least, 1 to 40,000. */
  readonly minimum: number;
  /** Units at most, up to 40,000. */
  readonly maximum: number;
  /**
   * The percentage of the units in use at which the table grows or shrinks, 20 to 90.
   * @default 70
   */
  readonly targetPercent?: number | undefined;
}

/** The settings that the tables of both kinds of databases have. */
interface TablesProps {
  /**
   * Makes the tables, or checks those that exist; false leaves the tables to others.
   * @default true
   */
  readonly create?: boolean | undefined;
  /**
   * How long user events are kept, 1 to 7300 days.
   * @default for ever
   */
  readonly userEventsTtl?: Duration | undefined;
}

/** Who encodes a batch. */
interface BatchesProps {
  /**
   * Who encodes a batch: the function itself, by private parts of the driver (frames), or the driver's public `batch`, which is slower.
   * @default 'frames'
   */
  readonly encoder?: 'frames' | 'driver' | undefined;
}

export interface KeyspacesSinkProps {
  /** The keyspace of the tables: 2 to 48 small letters, digits and _, beginning with a letter. */
  readonly keyspace: string;
  /**
   * The secret `{"username":…,"password":…}` of service-specific credentials.
   * @default the function's role signs
   */
  readonly login?: SecretOrArn | undefined;
  readonly batches?: BatchesProps | undefined;
  readonly tables?:
    | (TablesProps & {
        /**
         * Pays for each request, or for units.
         * @default 'on-demand'
         */
        readonly capacity?:
          | 'on-demand'
          | { readonly read: CapacityUnits; readonly write: CapacityUnits }
          | undefined;
        /**
         * Keeps the changes of user_events and rejected_events for 35 days, to restore the tables from.
         * @default true
         */
        readonly pointInTimeRecovery?: boolean | undefined;
      })
    | undefined;
}

export interface CassandraSinkProps {
  /** The keyspace of the tables: 1 to 48 letters, digits and _, beginning with a letter. */
  readonly keyspace: string;
  /** The nodes that the driver asks first, 1 to 10, each `host` or `host:port`; port 9042 unless given. */
  readonly contactPoints: readonly string[];
  /** The data centre that rows are written to. */
  readonly localDataCenter: string;
  /**
   * Encrypts the connection, and verifies the nodes' certificates.
   * @default true
   */
  readonly tls?: boolean | undefined;
  /**
   * The absolute path of a PEM file: the authority that signed the nodes' certificates.
   * @default a public authority has signed them
   */
  readonly caFile?: string | undefined;
  /**
   * The secret `{"username":…,"password":…}`.
   * @default there is no login
   */
  readonly login?: SecretOrArn | undefined;
  readonly batches?:
    | (BatchesProps & {
        /**
         * Partitions in one batch, 1 to 100.
         * @default as many as every node takes without a warning
         */
        readonly partitions?: number | undefined;
        /**
         * KiB in one batch over several partitions, 1 to 1024.
         * @default as many as every node takes without a warning
         */
        readonly kib?: number | undefined;
      })
    | undefined;
  readonly tables?:
    | (TablesProps & {
        /**
         * Replicas in each data centre, 1 to 9, to make the keyspace with.
         * @default the keyspace must exist
         */
        readonly replication?: Readonly<Record<string, number>> | undefined;
      })
    | undefined;
}

/** Where the rows go. */
export class Sink {
  /** The sink's settings in a stage. */
  readonly settings: Readonly<Record<string, unknown>>;

  private constructor(settings: object) {
    this.settings = { ...settings };
  }

  /** Writes to Amazon Keyspaces, in the stack's region. */
  static keyspaces(props: KeyspacesSinkProps): Sink {
    return new Sink({ kind: 'keyspaces', ...sinkSettings(props) });
  }

  /** Writes to Apache Cassandra, or to another database that speaks its protocol. */
  static cassandra(props: CassandraSinkProps): Sink {
    return new Sink({ kind: 'cassandra', ...sinkSettings(props) });
  }

  /** Takes the sink of a stage as it was read. @internal */
  static fromSettings(settings: SinkSettings): Sink {
    return new Sink(settings);
  }
}

const sinkSettings = ({
  login,
  batches,
  tables,
  ...same
}: Partial<CassandraSinkProps> | KeyspacesSinkProps) =>
  settingsOf({
    ...same,
    login: login && secretSettings(login),
    batches: batches && settingsOf(batches),
    tables: tables && settingsOf(tables),
  });
