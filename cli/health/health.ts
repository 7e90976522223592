import { type Command, Option } from 'commander';
import { topicName } from '../kafka/topic-name.ts';
import { type Context, type ExitCode, exitCodes } from '../operate/context.ts';
import { type CommonOptions, formOf, operation } from '../operate/operation.ts';
import { jsonLine } from '../output/listing.ts';
import { matchingText } from '../terminal/matching-text.ts';
import { columns, verdict, wrap } from '../terminal/print.ts';
import { printable } from '../terminal/printable.ts';
import { shellWords } from '../terminal/shell-words.ts';
import { lengthOfTime } from '../terminal/time-option.ts';
import { wholeNumber } from '../terminal/whole-number.ts';
import { number } from '../terminal/words.ts';
import type { CommandLine, Finding } from './finding.ts';
import { judgeHealth } from './judge.ts';
import { type Limits, usualLimits } from './limits.ts';
import { lookAtHealth } from './look.ts';

interface HealthOptions extends CommonOptions {
  readonly maxLag?: number;
  readonly maxBehind?: number;
  readonly maxWait?: number;
  readonly maxRejected?: number;
  readonly maxLate?: number;
}

/** The command that tells whether a pipeline is well. */
export const healthCommand = (run: (options: HealthOptions) => Promise<void>): Command =>
  operation({
    name: 'health',
    does:
      'Tells whether the pipeline is well: whether it reads, how far behind it is, what waits, what was lost, what was rejected in the last ' +
      'hour, which version runs and which alarms ring. Exit codes: 0 all is well; 1 something is wrong; 2 not everything could be looked at.',
    examples: ['health', 'health --stage prod --json', 'health --max-lag 5000 --max-wait 5m'],
  })
    .addOption(
      new Option('--topic <name>', 'the topic (default: the pipeline’s)').argParser(
        matchingText(topicName),
      ),
    )
    .option(
      '--max-lag <records>',
      `how far a partition may be behind (default: ${number(usualLimits.lag)})`,
      wholeNumber(0, Number.MAX_SAFE_INTEGER),
    )
    .option(
      '--max-behind <time>',
      'how old a partition’s newest event may be while records wait (default: 1h)',
      lengthOfTime,
    )
    .option(
      '--max-wait <time>',
      'how long a partition may stand still while records wait (default: 10m)',
      lengthOfTime,
    )
    .option(
      '--max-rejected <percent>',
      `the share of an hour’s records that may be broken (default: ${usualLimits.rejectedPercent})`,
      wholeNumber(0, 100),
    )
    .option(
      '--max-late <percent>',
      `the share of an hour’s records that may be late (default: ${usualLimits.latePercent})`,
      wholeNumber(0, 100),
    )
    .action(run);

/** Tells whether a pipeline is well. */
export const health = async (
  { output, openTarget, signal }: Context,
  options: HealthOptions,
): Promise<ExitCode> => {
  await using target = await openTarget(options);
  const limits = limitsOf(options);
  output.progress(`asking how ${target.name} is`);
  const looked = await lookAtHealth(target, options.topic, limits, signal);
  const findings = judgeHealth(target, looked, limits, commandLineOf(options));
  const has = (state: Finding['state']): boolean => findings.some((one) => one.state === state);
  if (formOf(options) === 'json') for (const one of findings) output.print(jsonLine({ ...one }));
  else {
    output.print(
      `${target.name}: ${has('wrong') ? verdict(false, 'something is wrong') : has('unknown') ? 'not everything could be looked at' : verdict(true, 'all is well')}`,
    );
    for (const one of findings) output.print(textOf(one));
  }
  return has('wrong') ? exitCodes.differs : has('unknown') ? exitCodes.incomplete : exitCodes.fine;
};

const limitsOf = ({ maxLag, maxBehind, maxWait, maxRejected, maxLate }: HealthOptions): Limits => ({
  lag: maxLag ?? usualLimits.lag,
  behindMs: maxBehind ?? usualLimits.behindMs,
  waitMs: maxWait ?? usualLimits.waitMs,
  rejectedPercent: maxRejected ?? usualLimits.rejectedPercent,
  latePercent: maxLate ?? usualLimits.latePercent,
});

/** Makes command lines for the same pipeline. */
const commandLineOf = (options: HealthOptions): CommandLine => {
  const names = ['stage', 'stages', 'stack', 'region', 'keyspace', 'group'] as const;
  const given = names.flatMap((name) =>
    options[name] === undefined ? [] : [`--${name}`, options[name]],
  );
  return (...words) =>
    shellWords(['user-events', ...words, ...given, ...(options.local ? ['--local'] : [])]);
};

/** The columns before a sentence: those of the state and of the question. */
const indent = ' '.repeat(2 + 9 + 12);

const textOf = ({ state, about, says, next }: Finding): string => {
  const lines = wrap(printable(says), columns() - indent.length, true).split('\n');
  const shown = state === 'unknown' ? '?' : state;
  const mark = state === 'wrong' ? verdict(false, shown.padEnd(9)) : shown.padEnd(9);
  return [
    `  ${mark}${about.padEnd(12)}${lines[0]}`,
    ...lines.slice(1).map((line) => `${indent}${line}`),
    ...(next === null || state === 'fine' ? [] : [`${indent}${next}`]),
  ].join('\n');
};
