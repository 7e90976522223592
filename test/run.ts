import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { main } from '../local/main.ts';
import { openServers } from '../local/open-servers.ts';
import { print } from '../local/print.ts';
import { guardProcess } from '../local/servers/watchdog.ts';

// `npm test`, whole; `npm test -- test/unit/ingest/*.test.ts` runs the files that are named.
const everything = [
  'test/unit/**/*.test.ts',
  'test/simulation/**/*.test.ts',
  'test/infra/**/*.test.ts',
  'test/integration/**/*.test.ts',
  'test/chaos/**/*.test.ts',
];

await main(async (signal) => {
  await using servers = await openServers({ onStep: print, signal });
  const { bootstrapServers, cassandra } = servers;
  const named = process.argv.slice(2);
  const runner = spawn(process.execPath, ['--test', ...(named.length === 0 ? everything : named)], {
    stdio: 'inherit',
    env: {
      ...process.env,
      TEST_KAFKA_BOOTSTRAP_SERVERS: bootstrapServers.join(','),
      TEST_CASSANDRA_CONTACT_POINTS: cassandra.CASSANDRA_CONTACT_POINTS,
      TEST_CASSANDRA_LOCAL_DATACENTER: cassandra.CASSANDRA_LOCAL_DATACENTER,
    },
  });
  guardProcess(runner);
  signal.addEventListener('abort', () => runner.kill());
  const [code] = await once(runner, 'exit');
  return code === 0 ? 0 : 1;
});
