import { type Command, Option } from 'commander';
import { type Context, type ExitCode, exitCodes } from '../operate/context.ts';
import { type CommonOptions, formOf, operation } from '../operate/operation.ts';
import { jsonLine } from '../output/listing.ts';
import { plainOf } from '../output/plain.ts';
import { readRecordPlace } from '../record/record-place.ts';
import { columns, wrap } from '../terminal/print.ts';
import { printable } from '../terminal/printable.ts';
import { wholeNumber } from '../terminal/whole-number.ts';
import { type TraceStep, traceRecord } from './trace-record.ts';

interface TraceCommandOptions extends CommonOptions {
  readonly back: number;
}

/** The command that follows a record through the function. */
export const traceCommand = (
  run: (place: string, options: TraceCommandOptions) => Promise<void>,
): Command =>
  operation({
    name: 'trace <topic/partition/offset>',
    does:
      'Shows what the function decides of a record, step by step: bytes, wire format, event, watermark, verdict, row. The function’s own ' +
      'code does each step again. Each line says whether its result was recorded or is recomputed.',
    examples: ['trace user-events/0/1234', 'trace user-events/0/1234 --back 100000 --json'],
  })
    .addOption(
      new Option('--back <n>', 'how many earlier records are read for the watermark at the most')
        .argParser(wholeNumber(0, 10_000_000))
        .default(10_000, '10,000'),
    )
    .action(run);

/** Shows a record's way. */
export const trace = async (
  { output, openTarget }: Context,
  place: string,
  options: TraceCommandOptions,
): Promise<ExitCode> => {
  const record = readRecordPlace(place);
  await using target = await openTarget(options);
  const { steps, isWhole } = await traceRecord(target, record, options.back);
  for (const step of steps)
    output.print(formOf(options) === 'json' ? jsonLine({ ...step }) : textOf(step));
  return isWhole ? exitCodes.fine : exitCodes.incomplete;
};

/** The facts that a person is shown below a step: those that its sentence has not. */
const shown: Partial<Record<TraceStep['step'], boolean>> = { event: true, row: true };

const textOf = ({ step, source, says, facts }: TraceStep): string => {
  const line = wrap(`${step} (${source}): ${printable(says)}`, columns() - 2).replaceAll(
    '\n',
    '\n  ',
  );
  if (shown[step] !== true) return line;
  const lines = Object.entries(facts)
    .filter(([, fact]) => fact !== null)
    .flatMap(([name, fact]) =>
      wrap(`${name}: ${printable(JSON.stringify(plainOf(fact)))}`, columns() - 4, true).split('\n'),
    );
  return [line, ...lines.map((one) => `    ${one}`)].join('\n');
};
