import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { guardFolder, guardProcess } from 'local-kafka-trigger/watchdog/guard.ts';
import { UserFacingError } from '../../cli/terminal/user-facing-error.ts';

/** The schema that builds read. */
const day = join(import.meta.dirname, 'day');
const cache = join(import.meta.dirname, '..', '..', '.local', 'peers');

export interface Build {
  /** The folder of the source, beside this file. */
  readonly source: string;
  /** The build command, which runs in a copy of the source. */
  readonly file: string;
  readonly arguments: (outFolder: string) => readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Gives the folder of a build's result; builds it unless these very files of source and schema have been built before.
 * @throws {UserFacingError} if the tool is missing or fails.
 */
export const built = async (build: Build): Promise<string> => {
  const source = join(import.meta.dirname, build.source);
  const folder = join(cache, `${build.source}-${digestOf(source, day)}`);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  // The result gets its name only when it is complete: an interrupted build never has it.
  const partial = await mkdtemp(join(cache, `.${build.source}-`));
  const release = guardFolder(partial);
  try {
    await runTool(build, source, partial);
    await rename(partial, folder);
    return folder;
  } finally {
    await rm(partial, { recursive: true, force: true });
    release();
  }
};

const digestOf = (...folders: readonly string[]): string => {
  const hash = createHash('sha256');
  const files = folders
    .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  for (const file of files.toSorted())
    hash.update(`${relative(import.meta.dirname, file)}\n`).update(readFileSync(file));
  return hash.digest('hex').slice(0, 12);
};

const runTool = async (build: Build, source: string, outFolder: string): Promise<void> => {
  const { file, environment = {} } = build;
  const tool = spawn(file, build.arguments(outFolder), {
    cwd: source,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  guardProcess(tool);
  let output = '';
  for (const stream of [tool.stdout, tool.stderr])
    stream.on('data', (chunk) => {
      output = (output + chunk).slice(-2_000);
    });
  const [code] = await once(tool, 'close').catch((error: NodeJS.ErrnoException) => {
    throw new UserFacingError(
      `\`${file}\` is needed to build bench/peers/${build.source}, and cannot be run (${error.code}). Install it, or ` +
        'leave the peers out.',
      { cause: error },
    );
  });
  if (code !== 0)
    throw new UserFacingError(
      `bench/peers/${build.source} could not be built by ${file}:\n${output}`,
    );
};
