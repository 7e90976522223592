import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { type Command, Option } from 'commander';
import { type Context, type ExitCode, exitCodes } from '../operate/context.ts';
import { type CommonOptions, operation } from '../operate/operation.ts';
import { targetWords } from '../operate/target-words.ts';
import type { TargetOptions } from '../target/open-target.ts';
import type { Target } from '../target/target.ts';
import { UserFacingError } from '../terminal/user-facing-error.ts';
import { wholeNumber } from '../terminal/whole-number.ts';
import { type ConsoleOptions, consoleApp } from './console-app.ts';
import { pageFiles } from './page-files.ts';

interface ConsoleCommandOptions extends CommonOptions {
  readonly port: number;
  readonly viaFunction?: boolean;
}

/** The address at which the console listens: that of this machine alone. */
const address = '127.0.0.1';

/** The command that shows a pipeline in a browser. */
export const consoleCommand = (run: (options: ConsoleCommandOptions) => Promise<void>): Command =>
  operation({
    name: 'console',
    does:
      'Shows a running pipeline in a browser: where it stands, what was rejected, a user’s events, the way of a record. It reads, and writes ' +
      'nothing: for what is to be done it shows the command. It listens on this machine alone, and its URL has a secret that the page needs.',
    examples: ['console', 'console --stage prod --port 8123'],
  })
    .addOption(
      new Option('--port <port>', 'where it listens')
        .argParser(wholeNumber(0, 65_535))
        .default(0, 'a free port'),
    )
    .action(run);

/** Serves the console until the signal is aborted. */
export const runConsole = async (
  context: Context,
  options: ConsoleCommandOptions,
): Promise<ExitCode> => {
  const { output, signal } = context;
  await using served = await startConsole(context, options);
  output.print(served.url);
  output.tell('Ctrl-C ends the console. The secret in the URL is for this run alone.');
  if (!signal.aborted) await once(signal, 'abort');
  return exitCodes.fine;
};

/** A console that is being served. */
export interface ServedConsole extends AsyncDisposable {
  /** The address of the page, with the secret in its fragment, which browsers send to nobody. */
  readonly url: string;
}

/** Starts to serve the console of a pipeline. @throws {UserFacingError} where the port is taken, or no pipeline is named. */
export const startConsole = async (
  { openTarget, ...context }: ConsoleOptions['context'],
  {
    port,
    viaFunction = false,
    ...options
  }: TargetOptions & Pick<ConsoleCommandOptions, 'port' | 'viaFunction'>,
): Promise<ServedConsole> => {
  await using opening = new AsyncDisposableStack();
  const target = opening.use(await openTarget(options));
  // All requests share the target's connections, which live as long as the console.
  const shared: Target = { ...target, [Symbol.asyncDispose]: async () => {} };
  const token = randomBytes(24).toString('base64url');
  const hosts: string[] = [];
  const app = consoleApp({
    token,
    hosts,
    files: await pageFiles(),
    targetOptions: [...targetWords(options), ...(viaFunction ? ['--via-function'] : [])],
    context: { ...context, openTarget: async () => shared },
  });
  const server = serve({ fetch: app.fetch, hostname: address, port });
  opening.defer(async () => {
    server.close();
    if ('closeAllConnections' in server) server.closeAllConnections();
  });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new UserFacingError(
      `Nothing can listen at ${address}:${port} (${(error as NodeJS.ErrnoException).code}). Name another --port, or leave it out.`,
      { cause: error },
    );
  }
  const found = (server.address() as AddressInfo).port;
  // Browsers leave the usual port out, and so does URL.
  for (const name of [address, 'localhost']) hosts.push(new URL(`http://${name}:${found}`).host);
  const opened = opening.move();
  return {
    url: `http://${address}:${found}/#token=${token}`,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
};
