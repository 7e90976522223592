import { mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { InvalidArgumentError } from 'commander';
import pLimit from 'p-limit';
import { scriptCommand } from '../../cli/terminal/command.ts';
import { main } from '../../cli/terminal/main.ts';
import { print, printStep, verdict } from '../../cli/terminal/print.ts';
import { quitWhile } from '../../cli/terminal/quit-while.ts';
import { UserFacingError } from '../../cli/terminal/user-facing-error.ts';
import { temporaryFolder } from '../../local/servers/temporary-folder.ts';
import { accountOf, type Outcome, totalOf } from './account.ts';
import { runCdk } from './cdk.ts';
import { type Emulator, startEmulator } from './emulator.ts';
import { preparePython, prepareSdk } from './prepare.ts';
import { Rehearsal, type Scenario, type World } from './rehearsal.ts';
import { scenarios } from './scenarios/index.ts';
import { noServers, openServers } from './servers.ts';
import { environment, rehearsedStages } from './stages.ts';

/** The scenarios that run at once: a command takes five seconds of a processor, and waits as long for the emulator. */
const atOnce = 3;

const pattern = (text: string): RegExp => {
  try {
    return new RegExp(text, 'i');
  } catch {
    throw new InvalidArgumentError('It must be a regular expression.');
  }
};

const options = scriptCommand({
  name: 'rehearse',
  does:
    'Rehearses cdk bootstrap, deploy, diff and destroy against an emulator of AWS’s API on this machine, with a real Kafka ' +
    'and a real Cassandra behind it. Exits with code 0 only if every scenario passes. What it proves and what not: ' +
    'docs/deploy-rehearsal.md.',
  takes: 'minutes; the first time it also fetches Python packages',
})
  .option('--all', 'also the scenarios that CI leaves out')
  .option('--only <pattern>', 'the scenarios whose name matches a regular expression', pattern)
  .option('--list', 'name the scenarios and end')
  .parse()
  .opts<{ all?: boolean; only?: RegExp; list?: boolean }>();

const chosen = (): readonly Scenario[] => {
  const { all = false, only } = options;
  if (only === undefined) return scenarios.filter(({ inCi = true }) => all || inCi);
  const found = scenarios.filter(({ name }) => only.test(name));
  if (found.length === 0)
    throw new UserFacingError(
      `No scenario’s name matches ${only.source}: see npm run rehearse -- --list`,
    );
  return found;
};

/** Starts the servers that are needed, in parallel where possible. */
const open = async (
  resources: AsyncDisposableStack,
  signal: AbortSignal,
  onServers: boolean,
): Promise<World> => {
  const what = onServers ? 'Kafka, Cassandra and the emulator' : 'the emulator';
  printStep(`Preparing Python and the SDK, starting ${what} …`);
  const folder = resources.use(await temporaryFolder('user-events-rehearsal'));
  const [python, sdk, servers] = await quitWhile(signal, () =>
    Promise.all([
      preparePython(),
      prepareSdk(),
      onServers ? openServers(resources, folder.path) : noServers,
    ]),
  );
  const emulated = join(folder.path, 'emulator');
  await mkdir(emulated);
  const { brokers, login, cassandra } = servers;
  const emulator = resources.use(
    await startEmulator({ python, sdk, brokers, database: servers.database, folder: emulated }),
  );
  const secretArn = await makeSecret(emulator, JSON.stringify(login));
  const database = { ...servers.database, secretArn };
  const stages = rehearsedStages(database);
  return { emulator, stages, database, python, brokers, cassandra, signal };
};

/** Creates a secret. @returns its ARN. */
const makeSecret = async ({ environment: variables }: Emulator, value: string): Promise<string> => {
  const client = new SecretsManagerClient({
    endpoint: variables['AWS_ENDPOINT_URL'] ?? '',
    region: variables['AWS_REGION'] ?? '',
    credentials: { accessKeyId: 'rehearsal', secretAccessKey: 'rehearsal' },
  });
  const command = new CreateSecretCommand({ Name: 'cassandra-login', SecretString: value });
  const { ARN = '' } = await client.send(command);
  client.destroy();
  return ARN;
};

const bootstrap = async ({ emulator, signal }: World, folder: string): Promise<void> => {
  const args = ['bootstrap', environment];
  const began = performance.now();
  const { code, output } = await runCdk(folder, {}, args, {
    environment: emulator.environment,
    signal,
  });
  if (code !== 0) throw new UserFacingError(`cdk bootstrap ended with ${code}:\n${output}`);
  print(`✔ cdk bootstrap (${((performance.now() - began) / 1000).toFixed(0)} s)`);
};

const tried = async (world: World, scenario: Scenario, folder: string): Promise<Outcome> => {
  const rehearsal = new Rehearsal(world, folder);
  const began = performance.now();
  const account = () => ({ steps: rehearsal.steps, seconds: (performance.now() - began) / 1000 });
  try {
    await scenario.run(rehearsal);
    return { kind: 'passed', ...account() };
  } catch (error) {
    return { kind: 'failed', error, ...account() };
  }
};

await main(async (signal) => {
  if (options.list) {
    for (const { name, inCi = true } of scenarios) print(inCi ? name : `${name} (--all)`);
    return 0;
  }
  const list = chosen();
  await using resources = new AsyncDisposableStack();
  // Each command loads the same modules.
  const modules = resources.use(await temporaryFolder('rehearsal-modules'));
  process.env['NODE_COMPILE_CACHE'] = modules.path;
  const world = await open(
    resources,
    signal,
    list.some(({ onServers }) => onServers),
  );
  const folder = resources.use(await temporaryFolder('user-events-cdk'));
  await bootstrap(world, await mkdtemp(join(folder.path, 'bootstrap-')));
  const limit = pLimit(atOnce);
  const outcomes = await Promise.all(
    list.map((scenario) =>
      limit(async () => {
        signal.throwIfAborted();
        const own = await mkdtemp(join(folder.path, 'scenario-'));
        const outcome = await tried(world, scenario, own);
        print(accountOf(scenario.name, outcome));
        return outcome;
      }),
    ),
  );
  const right = outcomes.every(({ kind }) => kind === 'passed');
  print(verdict(right, totalOf(outcomes)));
  return right ? 0 : 1;
});
