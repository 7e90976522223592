import { dirname, join } from 'node:path';
import { findJava } from '../../local/servers/java.ts';
import { built } from './built.ts';
import type { Peer } from './peer.ts';

/** Makes the peer of the Flink job in bench/peers/flink, on a cluster within its process. */
const flink = (name: string, options: readonly string[]): Peer => ({
  name,
  dropsLate: true,
  async build() {
    const java = await findJava();
    const folder = await built({
      source: 'flink',
      file: 'mvn',
      arguments: (out) => [
        ...['-q', '-B', `-Dout=${out}`, `-DoutputDirectory=${join(out, 'lib')}`],
        ...['compile', 'dependency:copy-dependencies'],
      ],
      environment: { JAVA_HOME: dirname(dirname(java)) },
    });
    return ({
      bootstrapServers,
      topic,
      consumerGroup,
      cassandra,
      keyspace,
      folder: temporary,
    }) => ({
      file: java,
      arguments: [
        ...heap,
        ...opened.flatMap((name) => ['--add-opens', `java.base/${name}=ALL-UNNAMED`]),
        `-Djava.io.tmpdir=${temporary}`,
        '-Dorg.slf4j.simpleLogger.defaultLogLevel=error',
        ...['-cp', `${join(folder, 'classes')}:${join(folder, 'lib')}/*`],
        ...['peers.UserEventsJob', '--bootstrap-servers', bootstrapServers.join(',')],
        ...['--topic', topic, '--group', consumerGroup, '--keyspace', keyspace],
        ...['--cassandra-host', cassandra.host, '--cassandra-port', `${cassandra.port}`],
        ...options,
      ],
      environment: {},
      endsByItself: true,
    });
  },
});

/** The heap in which the job does not collect garbage all the time; with less it takes more CPU. */
const heap = ['-Xms512m', '-Xmx512m'];

/** The packages that Flink's copying serializer reads by reflection. */
const opened = ['java.util', 'java.lang', 'java.time'];

export const flinkPeers: readonly Peer[] = [
  flink('Flink 1.20.4', []),
  flink('Flink 1.20.4, object reuse', ['--object-reuse']),
];
