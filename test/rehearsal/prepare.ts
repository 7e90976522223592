import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { UserFacingError } from '../../cli/terminal/user-facing-error.ts';

const run = promisify(execFile);

export const root = join(import.meta.dirname, '../..');
const local = join(root, '.local');

/** Does work once. It is repeated only if its source has changed, or if it was interrupted. */
const once = async (stamp: string, from: string, make: () => Promise<unknown>): Promise<void> => {
  const wanted = createHash('sha256').update(from).digest('hex');
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === wanted) return;
  await mkdir(local, { recursive: true });
  await make();
  await writeFile(stamp, wanted);
};

/**
 * Prepares a virtual environment in `.local` with the packages of requirements.txt; gives the path of its Python.
 * @throws {UserFacingError} if there is no Python with its module venv, or the packages cannot be installed.
 */
export const preparePython = async (): Promise<string> => {
  const requirements = join(import.meta.dirname, 'requirements.txt');
  const environment = join(local, 'python');
  const python = join(environment, 'bin', 'python');
  const pip = ['-m', 'pip', 'install', '--quiet', '--no-compile', '--disable-pip-version-check'];
  await once(join(environment, '.rehearsal'), await readFile(requirements, 'utf8'), async () => {
    await told(
      'python3',
      ['-m', 'venv', environment],
      'Python 3.10 or newer with its module venv is needed (on Debian: apt-get install python3-venv).',
    );
    await told(python, [...pip, '-r', requirements], 'Is the package index reached?');
  });
  return python;
};

/** The clients of AWS's SDK that Lambda's runtime has and CDK's own functions load. */
const clients = ['lambda', 'sfn', 's3', 'ec2', 'kafka'];

/**
 * Prepares a folder `node_modules` with the SDK of Lambda's runtime, in the version of the project's own clients.
 * @throws {UserFacingError} if npm cannot install it.
 */
export const prepareSdk = async (): Promise<string> => {
  const { dependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const version = dependencies['@aws-sdk/client-secrets-manager'];
  const packages = clients.map((name) => `@aws-sdk/client-${name}@${version}`);
  const folder = join(local, 'lambda-sdk');
  const install = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--loglevel=error'];
  await mkdir(folder, { recursive: true });
  await once(join(folder, '.installed'), packages.join('\n'), () =>
    told('npm', [...install, ...packages], 'Is the npm registry reached?'),
  );
  return join(folder, 'node_modules');
};

const told = async (command: string, args: readonly string[], what: string): Promise<void> => {
  try {
    await run(command, args, { cwd: local });
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim().slice(-500) ?? String(error);
    throw new UserFacingError(`${command} ${args.slice(0, 3).join(' ')} failed: ${said}\n${what}`, {
      cause: error,
    });
  }
};
