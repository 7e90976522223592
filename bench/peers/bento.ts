import { join } from 'node:path';
import { built } from './built.ts';
import { schemaFile } from './day.ts';
import type { Peer } from './peer.ts';

const pipeline = join(import.meta.dirname, 'bento/pipeline.yaml');

/** Makes the peer of the Bento pipeline in bench/peers/bento. It keeps no state by partition, so it cannot find late events. */
const bento = (name: string, batchCount: number): Peer => ({
  name,
  dropsLate: false,
  async build() {
    const folder = await built({
      source: 'bento',
      file: 'go',
      arguments: (out) => ['build', '-o', join(out, 'bento'), '.'],
    });
    return ({ bootstrapServers, topic, consumerGroup, cassandra, keyspace }) => ({
      file: join(folder, 'bento'),
      arguments: ['-c', pipeline],
      environment: {
        BOOTSTRAP_SERVERS: bootstrapServers.join(','),
        TOPIC: topic,
        GROUP: consumerGroup,
        SCHEMA: schemaFile,
        CASSANDRA: `${cassandra.host}:${cassandra.port}`,
        KEYSPACE: keyspace,
        BATCH_COUNT: `${batchCount}`,
      },
      endsByItself: false,
    });
  },
});

export const bentoPeers: readonly Peer[] = [
  bento('Bento 1.8.2, single inserts', 1),
  bento('Bento 1.8.2, batches of 30', 30),
];
