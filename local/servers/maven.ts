import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { guardFolder, guardProcess } from 'local-kafka-trigger/watchdog/guard.ts';
import { UserFacingError } from '../../cli/terminal/user-facing-error.ts';

const cache = join(import.meta.dirname, '..', '..', '.local', 'lib');

/**
 * Finds the folder with the jars of a pom and of its dependencies; Maven fetches a missing folder.
 * @param name the pom's name in this folder: `<name>.pom.xml`.
 * @param java the Java that Maven runs on.
 * @throws {UserFacingError} where Maven is missing, or fails.
 */
export const fetchArtifacts = async (
  name: string,
  version: string,
  java: string,
): Promise<string> => {
  const folder = join(cache, `${name}-${version}`);
  if (existsSync(folder)) return folder;
  // The folder gets its final name when it is complete: an aborted download never bears it.
  const partial = await partialFolder(name);
  const release = guardFolder(partial);
  try {
    await copyDependencies(join(import.meta.dirname, `${name}.pom.xml`), partial, java);
    await rename(partial, folder).catch((error) => {
      // Another process has fetched the folder meanwhile.
      if (!existsSync(folder)) throw error;
    });
    return folder;
  } finally {
    await rm(partial, { recursive: true, force: true });
    release();
  }
};

const partialFolder = async (name: string): Promise<string> => {
  try {
    await mkdir(cache, { recursive: true });
    return await mkdtemp(join(cache, `.${name}-`));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserFacingError(
      code === 'ENOSPC'
        ? `The disk is full: nothing can be fetched into ${cache}. Free some space and try again.`
        : `Nothing can be fetched into ${cache} (${code}). Make that folder one that you may write to.`,
      { cause: error },
    );
  }
};

/** The time in which a registry must go on answering, in milliseconds: Maven itself would wait for half an hour. Maven 3.8 reads the first. */
const transferTimeouts = ['-Dmaven.wagon.rto=30000', '-Daether.connector.requestTimeout=30000'];

const copyDependencies = async (pom: string, folder: string, java: string): Promise<void> => {
  const maven = spawn(
    'mvn',
    [
      ...['-q', '-B', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${folder}`],
      ...transferTimeouts,
    ],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, JAVA_HOME: dirname(dirname(java)) },
    },
  );
  guardProcess(maven);
  let output = '';
  for (const stream of [maven.stdout, maven.stderr])
    stream.on('data', (chunk) => {
      output = (output + chunk).slice(-20_000);
    });
  let code: unknown;
  try {
    [code] = await once(maven, 'close');
  } catch (error) {
    throw new UserFacingError(
      'Maven is needed to fetch Kafka and Cassandra, and there is no `mvn` on the path. Install Maven, or name ' +
        'servers of your own in KAFKA_BOOTSTRAP_SERVERS and CASSANDRA_CONTACT_POINTS.',
      { cause: error },
    );
  }
  if (code !== 0) throw new UserFacingError(mavenFault(output));
};

/** Summarises the failure in Maven's output, in a sentence. */
export const mavenFault = (output: string): string => {
  if (/No space left on device/i.test(output))
    return 'The disk is full: Maven could not store what it fetched. Free some space and try again.';
  const line = output
    .split('\n')
    .find((text) => text.startsWith('[ERROR] ') && text.length > '[ERROR] '.length);
  const said = (line ?? 'no reason given').replace('[ERROR] ', '').slice(0, 300);
  return (
    `Maven could not fetch the servers: ${said}. Check the network, and the mirror or proxy in your Maven settings; ` +
    'what was fetched already is kept.'
  );
};
