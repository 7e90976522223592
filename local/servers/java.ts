import { execFile } from 'node:child_process';
import { access, constants, glob } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { UserFacingError } from '../../cli/terminal/user-facing-error.ts';

/**
 * The Java version that both servers run on. Kafka 4 needs 17 or newer; Cassandra 5.0 runs on 11 and 17, and not without a
 * SecurityManager (24).
 */
const neededVersion = 17;

/** The places in which a JDK is looked for; by default the machine's own. */
export interface JavaPlaces {
  readonly javaHome: string | undefined;
  readonly path: string;
  /** Globs of JDK home folders. */
  readonly usual: readonly string[];
}

const machine = (): JavaPlaces => ({
  javaHome: process.env['JAVA_HOME'],
  path: process.env['PATH'] ?? '',
  usual: [
    '/usr/lib/jvm/*',
    '/opt/java/*',
    '/Library/Java/JavaVirtualMachines/*/Contents/Home',
    join(homedir(), '.sdkman/candidates/java/*'),
  ],
});

/**
 * Finds the `java` of a JDK 17, in the `bin` of its home: JAVA_HOME's, the path's, or one in the usual places.
 * @throws {UserFacingError} naming the versions that were found.
 */
export const findJava = async (places = machine()): Promise<string> => {
  const found = new Set<string>();
  for await (const candidate of candidates(places)) {
    const java = await inspect(candidate);
    if (java?.version === neededVersion) return java.path;
    if (java !== null) found.add(`Java ${java.version} at ${java.path}`);
  }
  const saw = found.size === 0 ? 'no Java was found' : `found were ${[...found].join(', ')}`;
  throw new UserFacingError(
    `A JDK ${neededVersion} is needed to run Kafka and Cassandra here, and ${saw}. Install one and set JAVA_HOME ` +
      'to its folder; or name servers of your own in KAFKA_BOOTSTRAP_SERVERS and CASSANDRA_CONTACT_POINTS, which ' +
      'need no Java.',
  );
};

/** Makes the arguments by which a JVM keeps its temporary files in a folder: one that is killed leaves its native libraries behind. */
export const temporariesIn = (folder: string): string[] => [
  `-Djava.io.tmpdir=${folder}`,
  '-XX:-UsePerfData',
];

const candidates = async function* ({ javaHome, path, usual }: JavaPlaces): AsyncGenerator<string> {
  if (javaHome) yield join(javaHome, 'bin', 'java');
  for (const folder of path.split(delimiter)) if (folder !== '') yield join(folder, 'java');
  for await (const home of glob([...usual])) yield join(home, 'bin', 'java');
};

const run = promisify(execFile);
const answerTimeoutMs = 20_000;

/**
 * Reads the major version: 17 of `openjdk version "17.0.15" 2025-04-15`, 8 of `java version "1.8.0_402"`. Returns null where none
 * is named.
 */
export const majorVersion = (output: string): number | null => {
  const [, first, second] = /version "(\d+)(?:\.(\d+))?/.exec(output) ?? [];
  return first === undefined ? null : Number(first === '1' ? second : first);
};

/** Asks a `java` for its version and true path; returns null where it does not answer. */
const inspect = async (java: string): Promise<{ version: number; path: string } | null> => {
  try {
    await access(java, constants.X_OK);
    // The `java` on the path may be a link or a script of a version manager; Maven and keytool need the true home.
    const { stderr } = await run(java, ['-XshowSettings:properties', '-version'], {
      timeout: answerTimeoutMs,
    });
    const version = majorVersion(stderr);
    const home = /^ *java\.home = (.+?)\r?$/m.exec(stderr)?.[1];
    if (version === null) return null;
    return { version, path: home === undefined ? java : join(home, 'bin', 'java') };
  } catch {
    return null;
  }
};
