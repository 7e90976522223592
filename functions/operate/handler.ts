import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Context, type ExitCode, exitCodes } from '../../cli/operate/context.ts';
import { runOperation } from '../../cli/operate/run-operation.ts';
import type { Output } from '../../cli/output/output.ts';
import { openTarget } from '../../cli/target/open-target.ts';
import { errorText } from '../../cli/terminal/error-text.ts';
import { collectLines } from './answer-lines.ts';
import { foundHere, variable } from './found-here.ts';
import type { OperateAnswer, OperateEvent } from './protocol.ts';
import { readEvent } from './read-event.ts';
import { limitTime, type TimeLimit } from './time-limit.ts';
import { openWorkFolder } from './work-folder.ts';

/** The file of a run with the lines that an answer has no room for. */
const furtherLines = '.further-lines.jsonl';

/** The part of Lambda's context that is used. */
interface LambdaContext {
  getRemainingTimeInMillis(): number;
}

/**
 * Runs a command line of the operations where the database can be reached, for whoever calls it by `--via-function`. A command that takes
 * longer than an invocation goes on in the next one.
 */
export const handler = async (given: unknown, context: LambdaContext): Promise<OperateAnswer> => {
  const event = readEvent(given);
  const began = performance.now();
  // Tables are drawn for the terminal of the caller.
  process.env['COLUMNS'] = String(event.columns);
  using time = limitTime(context.getRemainingTimeInMillis(), event.slices);
  using folder = openWorkFolder(variable('OPERATE_BUCKET'), event.run);
  const collected = collectLines((text) => appendFileSync(join(folder.path, furtherLines), text));
  let ended: Ended = over(exitCodes.incomplete);
  let changed: string[] = [];
  try {
    await folder.fetch(event.files);
    ended = await run(event, time, collected.output);
    collected.finish();
    changed = await folder.save();
  } catch (error) {
    // The bucket: what the command itself throws is told by run.
    collected.output.tell(errorText(error));
    ended = over(exitCodes.incomplete);
  }
  log(event, ended, performance.now() - began);
  return {
    lines: collected.lines,
    furtherLines: changed.includes(furtherLines) ? furtherLines : null,
    changed: changed.filter((name) => name !== furtherLines),
    ...ended,
    progress: collected.progress(),
  };
};

/** How a command has ended: with its exit code, or broken off. */
type Ended = Pick<OperateAnswer, 'exitCode' | 'goesOnBy' | 'isFurther'>;

const over = (exitCode: ExitCode): Ended => ({ exitCode, goesOnBy: null, isFurther: false });

/** Runs the command line of an event. */
const run = async (event: OperateEvent, time: TimeLimit, output: Output): Promise<Ended> => {
  let goesOnBy: readonly string[] | null = null;
  let isFurther = false;
  const context: Context = {
    signal: time.signal,
    output,
    openTarget: (options) =>
      openTarget({ ...options, stage: event.stack.name }, async () => foundHere(event)),
    caller: async () => event.caller,
    // Nobody is there to answer.
    confirm: async () => false,
    goOnBy(argv) {
      isFurther = goesOnBy !== null;
      goesOnBy = argv;
      time.allowSlices();
    },
  };
  try {
    const exitCode = await runOperation(event.argv, context);
    // A command that was broken off may have closed its work in peace.
    const isBrokenOff = time.signal.aborted && exitCode === exitCodes.incomplete;
    return isBrokenOff && goesOnBy !== null
      ? { exitCode: null, goesOnBy, isFurther }
      : over(exitCode);
  } catch (error) {
    if (time.signal.aborted && goesOnBy !== null) return { exitCode: null, goesOnBy, isFurther };
    output.tell(errorText(error));
    if (time.signal.aborted)
      output.tell(
        'The command cannot go on in another invocation: ask it for less at a time, or verify with --out.',
      );
    return over(exitCodes.incomplete);
  }
};

/** Writes a line of the log: who has run which command, and how it ended. Its words may name a person, and are left out. */
const log = ({ argv, caller, run: id }: OperateEvent, { exitCode }: Ended, ms: number): void => {
  const line = { operation: argv[0], caller, run: id, exitCode, milliseconds: Math.round(ms) };
  process.stdout.write(`${JSON.stringify(line)}\n`);
};
