/** A program that does the function's work in another way. */
export interface Peer {
  readonly name: string;
  /** Whether the peer can leave late events out of user_events, as the function does. */
  readonly dropsLate: boolean;
  /** Fetches and compiles the peer, unless it is there already; gives a function that makes its command. */
  build(): Promise<(task: PeerTask) => PeerCommand>;
}

/** A peer's task: to bring a whole topic of valid events into a table. */
export interface PeerTask {
  readonly bootstrapServers: readonly string[];
  readonly topic: string;
  readonly consumerGroup: string;
  /** The address of the Cassandra, which has neither TLS nor a password. */
  readonly cassandra: { readonly host: string; readonly port: number };
  readonly keyspace: string;
  /** The folder for temporary files. */
  readonly folder: string;
}

export interface PeerCommand {
  readonly file: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Whether the peer ends by itself when everything is written. If not, its work is done when everything is committed. */
  readonly endsByItself: boolean;
}
