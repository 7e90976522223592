import type { Client } from 'cassandra-driver';
import type { KafkaConnection } from 'local-kafka-trigger';
import type { Settings } from '../../functions/ingest/settings/read-settings.ts';
import type { MappingSwitch } from './mapping-switch.ts';
import type { Stack } from './stack.ts';
import type { StackHealth } from './stack-health.ts';

/** A running pipeline that a command looks at: its settings, and how its database and its topic are reached. */
export interface Target extends AsyncDisposable {
  /** The words by which messages name it: `stage prod`, `the servers of npm start`. */
  readonly name: string;
  /** The variables of the function, by which its own code can be run. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly settings: Settings;
  /** The topic that the pipeline reads; null where nobody has said so. */
  readonly topic: string | null;
  /** The names of a deployed stack's resources; null for one that is not deployed. */
  readonly stack: Stack | null;
  /** Switches its event source mapping; null where it has none, or none that can be reached from here. */
  readonly mapping: MappingSwitch | null;
  /** Asks AWS how it is; null for one that is not deployed. What may not be asked is told in its place. */
  readonly stackHealth: (() => Promise<StackHealth>) | null;
  /** The folder on this machine that failed batches go to; null where there is none. */
  readonly onFailureFolder: string | null;
  /**
   * Gives a client of the database, which is connected once and closed with the target. It reads maps as Map.
   * @throws {UserFacingError} where it cannot be reached.
   */
  cassandra(): Promise<Client>;
  /**
   * Gives the connection to the brokers.
   * @throws {UserFacingError} where nobody has said where they are.
   */
  kafka(): Promise<KafkaConnection>;
}
