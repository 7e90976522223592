import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { AnswerLine } from '../../functions/operate/protocol.ts';
import type { Context, ExitCode } from '../operate/context.ts';
import type { CommonOptions } from '../operate/operation.ts';
import type { Output } from '../output/output.ts';
import type { Deployed } from '../target/open-target.ts';
import type { Stack } from '../target/stack.ts';
import { columns } from '../terminal/print.ts';
import { UserFacingError } from '../terminal/user-facing-error.ts';
import { callerIdentity } from './caller.ts';
import { functionWords, localWords } from './command-words.ts';
import { describeStack } from './describe-stack.ts';
import { invokeOperate } from './invoke-operate.ts';
import { mappingSwitch } from './mapping-switch.ts';
import { placeOf } from './place-of.ts';
import { pathOf, runFiles } from './run-files.ts';
import { stackHealth } from './stack-health.ts';

/** Asks AWS here for what a command wants to know of it, for the function may not ask. */
const askFor = async (command: string, stack: Stack) => ({
  mappingState: command === 'replay' ? await mappingSwitch(stack).state() : null,
  stackHealth: command === 'health' ? await stackHealth(stack) : null,
});

/**
 * Runs a command by the function of the stage, which stands where the database is reached, until the command is done: prints its lines as
 * they come back, and brings its files there and back.
 * @param words the words after the program's name.
 * @returns the command's exit code.
 */
export const viaFunction = async (
  { output, signal, goOnBy }: Pick<Context, 'output' | 'signal' | 'goOnBy'>,
  words: readonly string[],
  command: Command,
): Promise<ExitCode> => {
  const options = command.optsWithGlobals<Deployed & Pick<CommonOptions, 'csv'>>();
  if (options.stage === undefined && options.stack === undefined)
    throw new UserFacingError(
      '--via-function is the way to a deployed pipeline: name it by --stage or --stack.',
    );
  const place = placeOf(options);
  const stack = await describeStack(place);
  if (stack.operate === null)
    throw new UserFacingError(
      `${place.name} has no function that runs operations: set operate to true in its settings, and deploy it.`,
    );
  const { arn: caller } = await callerIdentity(stack.region);
  const asked = await askFor(command.name(), stack);
  const run = randomUUID();
  const bucket = runFiles(stack.region, stack.operate.bucketName, run);
  const given = functionWords(words, command);
  const files = new Set(await bucket.upload(given.files));
  const changed = new Set<string>();
  const fixed = { caller, run, stack, columns: columns(), ...asked };
  const print = linePrinter(output, options.csv === true);
  try {
    for (let argv = given.words, slices = 1; ; ) {
      const answer = await watched(
        output,
        stack.operate.functionName,
        invokeOperate(stack, { ...fixed, argv, slices, files: [...files] }, signal),
      );
      print(answer.lines);
      if (answer.furtherLines !== null) print(parseLines(await bucket.read(answer.furtherLines)));
      for (const name of answer.changed) {
        files.add(name);
        changed.add(name);
      }
      if (answer.exitCode !== null) return answer.exitCode;
      if (answer.goesOnBy === null) throw new Error('the function names no way to go on');
      argv = answer.goesOnBy;
      goOnBy(localWords(argv, given.files, { ...options }));
      if (!answer.isFurther) {
        if (slices >= mostSlices) throw stuck();
        slices *= 2;
      }
      output.progress(answer.progress);
    }
  } finally {
    for (const name of changed) await bucket.download(name, pathOf(name, given.files));
  }
};

/** The slices that are more than an invocation has. A command gets twice as many from where fewer bring it no further. */
const mostSlices = 8;

/** Makes the error of a command that a whole invocation has not brought further: it would go on for ever. */
const stuck = (): UserFacingError =>
  new UserFacingError(
    'A whole invocation of the function brings the command no further: ask it for less at a time, or for more in a second (--rate).',
  );

/** Makes a printer of the lines of all invocations: the head of a CSV, which each of them writes, is printed once. */
const linePrinter = (output: Output, isCsv: boolean) => {
  let head: string | undefined;
  return (lines: readonly AnswerLine[]): void => {
    for (const [stream, text] of lines)
      if (stream === 'err') output.tell(text);
      else if (!isCsv || text !== head) {
        head ??= text;
        output.print(text);
      }
  };
};

const parseLines = (text: string): AnswerLine[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

/** The milliseconds between two drawings of how long the answer has been waited for. */
const drawsEvery = 1_000;

/** Waits for an answer, and from two seconds on shows for how long. */
const watched = async <T>(output: Output, name: string, answer: Promise<T>): Promise<T> => {
  const began = performance.now();
  const timer = setInterval(() => {
    const seconds = Math.floor((performance.now() - began) / 1_000);
    if (seconds >= 2) output.progress(`The function ${name} is at work: ${seconds} s …`);
  }, drawsEvery).unref();
  return answer.finally(() => clearInterval(timer));
};
