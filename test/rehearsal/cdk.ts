import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { guardProcess } from 'local-kafka-trigger/watchdog/guard.ts';
import { root } from './prepare.ts';

/** The output and the exit code of the command line. */
export interface CdkResult {
  readonly code: number | null;
  readonly output: string;
}

interface CdkOptions {
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** The folder of the project to deploy; this project's unless given. */
  readonly project?: string;
}

/** The milliseconds after which a command counts as hanging. */
const longest = 300_000;

/**
 * Runs the project's own `cdk`, as `npx cdk` does, in a folder whose cdk.json is the project's with further stages.
 * @param stages the further stages, by the names that `-c stage=` takes.
 */
export const runCdk = async (
  folder: string,
  stages: Readonly<Record<string, object>>,
  args: readonly string[],
  options: CdkOptions,
): Promise<CdkResult> => {
  const { environment, signal, project = root } = options;
  const cdk = JSON.parse(await readFile(join(project, 'cdk.json'), 'utf8'));
  const app = cdk.app.replace('infra/', `${join(project, 'infra')}/`);
  const context = { ...cdk.context, stages: { ...cdk.context.stages, ...stages } };
  const own = { ...cdk, app, context };
  await writeFile(join(folder, 'cdk.json'), JSON.stringify(own));
  const bin = join(root, 'node_modules', '.bin');
  const child = spawn(join(bin, 'cdk'), ['--no-notices', '--no-color', ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...withoutAws(process.env),
      ...environment,
      PATH: `${bin}:${process.env['PATH']}`,
      CI: 'true',
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      // CDK's own validation of a template is half of a command's time. `npm test` does it for every kind of stage.
      CDK_VALIDATION: 'false',
    },
    timeout: longest,
    signal,
  });
  // An abort ends the child; the error that reports it adds nothing.
  child.on('error', () => {});
  guardProcess(child);
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), ended(child)]);
  return { code: child.exitCode, output: out + err };
};

const ended = (child: ReturnType<typeof spawn>): Promise<unknown> =>
  once(child, 'close').catch(() => null);

/** Removes AWS's variables, so that no account of the person's own is ever called. */
const withoutAws = (variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(variables).filter(([name]) => !name.startsWith('AWS_')));
