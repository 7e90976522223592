// `npm run test:foreign`: runs what is not ours, in Python: other encoders, and AWS's bucket and queue in place.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { scriptCommand } from '../../cli/terminal/command.ts';
import { main } from '../../cli/terminal/main.ts';
import { printStep } from '../../cli/terminal/print.ts';
import { UserFacingError } from '../../cli/terminal/user-facing-error.ts';
import { openServers } from '../../local/open-servers.ts';
import { reportOf, runFiles } from '../run-files.ts';

scriptCommand({
  name: 'test:foreign',
  does:
    'Runs other encoders, in Python, against the function’s decoder: they register their schemas over HTTP, and the function ' +
    'fetches them from there. Redrives failed batches from a bucket and a queue of moto, on a real Kafka and Cassandra, and has ' +
    'the local trigger give batches up to them. ' +
    'test/foreign/requirements.txt lists the packages.',
  takes: 'about two minutes',
}).parse();

await main(async (signal) => {
  const python = join(import.meta.dirname, '../../.local/python');
  // The rehearsal of deploys makes the same folder, with other packages.
  if (!['moto_server', 'fastavro'].every((name) => existsSync(join(python, 'bin', name))))
    throw new UserFacingError(
      'The other encoders are not installed. Install them by\n' +
        '  python3 -m venv .local/python\n' +
        '  .local/python/bin/pip install -r test/foreign/requirements.txt',
    );
  await using servers = await openServers({ onStep: printStep, signal });
  Object.assign(process.env, {
    TEST_KAFKA_BOOTSTRAP_SERVERS: servers.bootstrapServers.join(','),
    TEST_CASSANDRA_CONTACT_POINTS: servers.cassandra.CASSANDRA_CONTACT_POINTS,
    TEST_CASSANDRA_LOCAL_DATACENTER: servers.cassandra.CASSANDRA_LOCAL_DATACENTER,
  });
  const files = ['live.test.ts', 'failed-batches.test.ts', 'destinations.test.ts'];
  return reportOf(
    await runFiles(
      files.map((file) => join(import.meta.dirname, file)),
      {
        atOnce: 1,
        print: (text) => void process.stdout.write(text),
        signal,
      },
    ),
  );
});
