import { deepStrictEqual } from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { loadedBy } from '../../support/imports.ts';

/** Files without a test of their name: where they are tested instead, or why they are not. */
const ofFunctions: Readonly<Record<string, string>> = {
  'ingest/avro/configured-decoder.ts': 'puts two functions together, each of which has a test',
  'ingest/avro/decode-failure.ts': 'a class that holds a message',
  'ingest/cassandra/batch/send-batch.ts': 'test/integration/write-batch.test.ts',
  'ingest/handler.ts': 'test/infra/bundle.test.ts',
  'ingest/pipeline/errors.ts': 'classes that hold a message',
  'ingest/settings/config-error.ts': 'test/unit/ingest/settings/read-settings.test.ts',
  'ingest/settings/variable.ts': 'test/unit/ingest/settings/read-settings.test.ts',
  'operate/handler.ts': 'test/integration/operate.test.ts',
  'produce/handler.ts': 'test/integration/produce.test.ts',
};

const trigger = 'packages/local-kafka-trigger';
const ofTrigger: Readonly<Record<string, string>> = {
  'index.ts': 'passes on exports',
  'command/run.ts': `${trigger}/test/integration/command.test.ts`,
  'destinations/s3.ts': `${trigger}/test/unit/destinations/open-destination.test.ts`,
  'destinations/sqs.ts': `${trigger}/test/unit/destinations/open-destination.test.ts`,
  'faults/rebalance.ts': `${trigger}/test/unit/faults/faults.test.ts`,
  'function/bootstrap.ts': `${trigger}/test/unit/function/function-process.test.ts`,
  'function/execution-environment.ts': `${trigger}/test/unit/function/function-process.test.ts`,
  'function/runtime-api.ts': `${trigger}/test/unit/function/function-process.test.ts`,
  'kafka/group-membership.ts': `${trigger}/test/integration/poller.test.ts`,
  'kafka/topic-reader.ts': `${trigger}/test/integration/poller.test.ts`,
  'template/function-of.ts': `${trigger}/test/unit/template/read-template.test.ts`,
  'trigger-error.ts': 'a class that holds a message',
  'watchdog/guard.ts': 'test/unit/local/servers/watchdog.test.ts',
};

/**
 * A command is tested by its command line, on real servers: so a folder’s files that do nothing without them have one test, and need none of
 * their names. A name that ends with a slash is that of a folder.
 */
const ofCommands: Readonly<Record<string, string>> = {
  'command-line.ts': 'test/infra/package.test.ts',
  'console/console.ts': 'test/browser/console.test.ts',
  'console/page-source/built.ts': 'test/infra/package.test.ts',
  'console/page-source/from-source.ts': 'test/unit/cli/console/page-files.test.ts',
  'console/page/answer.ts': 'test/browser/console.test.ts',
  'console/page/use-answer.ts': 'test/browser/console.test.ts',
  'forget/': 'test/integration/forget.test.ts',
  'health/': 'test/unit/cli/health/findings.test.ts',
  'health/look.ts': 'test/integration/health.test.ts',
  'health/waited.ts': 'test/integration/health.test.ts',
  'kafka/': 'test/integration/verify.test.ts',
  'kafka/group-members.ts': 'test/integration/health.test.ts',
  'kafka/offsets-at.ts': 'test/integration/rates.test.ts',
  'kafka/read-range.ts': 'test/integration/trace.test.ts',
  'kafka/topic-extents.ts': 'test/integration/read-topic.test.ts',
  'kafka/with-admin.ts': 'test/integration/read-topic.test.ts',
  'local-commands.ts': 'test/integration/own-events.test.ts',
  'local-words.ts': 'sentences of the help, in which the word function stands',
  'operate/operation.ts': 'test/unit/cli/operate/run-operation.test.ts',
  'operate/program.ts': 'test/unit/cli/operate/run-operation.test.ts',
  'output/first-of.ts': 'test/integration/rejected.test.ts',
  'output/plain.ts': 'test/unit/cli/output/listing.test.ts',
  'output/slow-progress.ts': 'draws on a terminal what others count',
  'output/terminal-output.ts': 'draws on a terminal what others print',
  'package-bin.ts': 'test/infra/package.test.ts',
  'partitions/passed.ts': 'test/integration/verify.test.ts',
  'rates/': 'test/integration/rates.test.ts',
  'record/decode-fetching.ts': 'test/unit/cli/rejected/readings.test.ts',
  'record/event-json.ts': 'test/unit/cli/rejected/readings.test.ts',
  'record/record-place.ts': 'test/integration/trace.test.ts',
  'record/wire-format-of.ts': 'test/unit/local/inspect/findings.test.ts',
  'redrive/': 'test/integration/redrive.test.ts',
  'redrive/destinations/': 'test/integration/redrive.test.ts',
  'redrive/run-task.ts': 'test/integration/redrive-killed.test.ts',
  'redrive/sources/': 'test/integration/redrive.test.ts',
  'redrive/sources/bucket-source.ts': 'test/foreign/failed-batches.test.ts',
  'redrive/sources/findings-source.ts': 'test/integration/verify-redrive.test.ts',
  'redrive/sources/queue-source.ts': 'test/foreign/failed-batches.test.ts',
  'rejected/': 'test/integration/rejected.test.ts',
  'rejected/last-hour.ts': 'test/integration/health.test.ts',
  'replay/': 'test/integration/replay.test.ts',
  'stage/': 'test/unit/cli/stage/find-stage.test.ts',
  'stage/invoke-operate.ts': 'test/unit/cli/stage/via-function.test.ts',
  'tables/': 'test/integration/rejected.test.ts',
  'target/': 'test/unit/cli/stage/find-stage.test.ts',
  'target/running-file.ts': 'writes a file of this checkout, which a running pipeline may own',
  'tasks/': 'test/integration/tasks.test.ts',
  'terminal/command.ts': 'test/unit/local/options.test.ts',
  'terminal/confirm.ts': 'asks a person at a terminal',
  'terminal/matching-text.ts': 'test/unit/cli/operate/run-operation.test.ts',
  'terminal/progress.ts': 'draws on a terminal what others count',
  'terminal/quit-while.ts': 'test/unit/local/own-commands.test.ts',
  'terminal/run-command.ts': 'test/integration/own-events.test.ts',
  'terminal/until-enter.ts': 'waits for a key at a terminal',
  'terminal/user-facing-error.ts': 'a class that holds a message',
  'terminal/whole-number.ts': 'test/unit/local/options.test.ts',
  'trace/trace-record.ts': 'test/integration/trace.test.ts',
  'user/': 'test/integration/user.test.ts',
  'user-events.ts': 'test/infra/package.test.ts',
  'verify/': 'test/integration/verify.test.ts',
  'verify/rules/': 'test/unit/cli/verify/rules/record-reader.test.ts',
  'verify/search.ts': 'test/unit/cli/verify/verify-ranges.test.ts',
  'verify/settle.ts': 'test/unit/cli/verify/verify-ranges.test.ts',
  'verify/take.ts': 'test/unit/cli/verify/verify-ranges.test.ts',
};

/** The folders of code whose files are mirrored, each with the folder of its tests. */
const rooms = [
  { code: 'functions', tests: 'test', exceptions: ofFunctions },
  { code: 'cli', tests: 'test', exceptions: ofCommands },
  { code: `${trigger}/src`, tests: `${trigger}/test`, exceptions: ofTrigger },
];

for (const { code, tests, exceptions } of rooms) {
  // Tests of functions lie beside those of `cli`, in a folder for each function.
  const mirror = code === 'cli' ? 'cli/' : '';
  /** Whether a file does something when it is called: types, constants and files that only pass on exports do not. */
  const hasLogic = (file: string): boolean => {
    const text = stripTypeScriptTypes(readFileSync(join(code, file), 'utf8'));
    return /=>|\bfunction\b|\bclass\b/.test(text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, ''));
  };

  /** A test of a file lies at the same path; or, where it needs servers, in integration under the same name. */
  const hasTest = (file: string): boolean => {
    const integration = `${tests}/integration/${basename(file, '.ts')}.test.ts`;
    return (
      existsSync(`${tests}/unit/${mirror}${file.replace(/\.ts$/, '.test.ts')}`) ||
      (existsSync(integration) && loadedBy(integration).has(join(code, file)))
    );
  };

  const files = globSync('**/*.ts', { cwd: code, exclude: ['**/*.d.ts'] }).toSorted();

  const needsTest = files.filter((file) => hasLogic(file) && !hasTest(file));
  /** The name of the exception that a file is: its own, or that of its folder. */
  const exceptionOf = (file: string): string | undefined =>
    [file, `${dirname(file)}/`].find((name) => name in exceptions);

  test(`each file of ${code} with logic has a test of its name`, () => {
    const without = needsTest.filter((file) => exceptionOf(file) === undefined);
    deepStrictEqual(without, [], 'write the test, or name the test that covers the file above');
  });

  test(`each exception of ${code} is a file with logic and without a test of its name, and the test that stands for it is there`, () => {
    const used = new Set(needsTest.map(exceptionOf));
    const wrong = Object.entries(exceptions).filter(
      ([name, instead]) =>
        !used.has(name) || (instead.endsWith('.test.ts') && !existsSync(instead)),
    );
    deepStrictEqual(wrong, []);
  });
}
