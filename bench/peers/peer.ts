/** A program that does the function's work in another way. */
export interface Peer {
  readonly name: string;
  /** Whether it can leave late events out, as the function does. */
  readonly dropsLate: boolean;
  /** Fetches and compiles what it needs, unless that is there already; gives how it is run. */
  build(): Promise<(task: PeerTask) => PeerCommand>;
}

/** A topic of valid events that is to be brought into a table, whole. */
export interface PeerTask {
  readonly bootstrapServers: readonly string[];
  readonly topic: string;
  readonly consumerGroup: string;
  /** Without TLS and password. */
  readonly cassandra: { readonly host: string; readonly port: number };
  readonly keyspace: string;
  /** For its temporary files. */
  readonly folder: string;
}

export interface PeerCommand {
  readonly file: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Whether it ends by itself when all is written; if not, it has done so when all is committed. */
  readonly endsByItself: boolean;
}
