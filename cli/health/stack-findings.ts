import type { Stack } from '../target/stack.ts';
import type { OnFailureHealth, StackHealth } from '../target/stack-health.ts';
import type { Told } from '../target/told.ts';
import { count, number } from '../terminal/words.ts';
import type { CommandLine, Finding } from './finding.ts';

/** Judges what AWS says of a deployed pipeline. */
export const stackFindings = (
  stack: Pick<Stack, 'name' | 'region' | 'mappingId' | 'onFailure'>,
  { mapping, alarms, lost, onFailure }: StackHealth,
  command: CommandLine,
): Finding[] => [
  ...known('reading', mapping, ({ state, reason, lastResult }) => {
    const aws = `aws lambda update-event-source-mapping --region ${stack.region} --uuid ${stack.mappingId}`;
    if (state !== 'Enabled')
      return [
        {
          about: 'reading',
          state: 'wrong',
          says: `The event source mapping is ${state}${reason === null ? '' : ` (${reason})`}: nothing is read.`,
          next: state === 'Disabled' ? `${aws} --enabled` : null,
        },
      ];
    const isProblem = lastResult?.startsWith('PROBLEM') ?? false;
    return [
      {
        about: 'reading',
        state: isProblem ? 'wrong' : 'fine',
        says: `The event source mapping is enabled${lastResult === null ? '' : `, and its last batch came to “${lastResult}”`}.`,
        next: isProblem ? command('partitions') : null,
      },
    ];
  }),
  ...known('lost', lost, ({ dropped, undelivered }) => {
    if (dropped === 0 && undelivered === 0)
      return [
        {
          about: 'lost',
          state: 'fine',
          says: 'AWS has counted no dropped record in 24 hours.',
          next: null,
        },
      ];
    return [
      {
        about: 'lost',
        state: 'wrong',
        says:
          `In 24 hours AWS has dropped ${count(dropped, 'record')}, and the on-failure destination did not take ${count(undelivered, 'batch', 'batches')}: ` +
          'they are lost, unless the topic still has them.',
        next: command('verify', '--last', '24h'),
      },
    ];
  }),
  ...known('on-failure', onFailure, (found) =>
    found === null ? [] : [onFailureFinding(found, stack.onFailure ?? '', command)],
  ),
  ...known('alarms', alarms, (all) => {
    const ringing = all.filter(({ state }) => state === 'ALARM');
    if (ringing.length === 0)
      return [
        {
          about: 'alarms',
          state: 'fine',
          says:
            all.length === 0
              ? 'The stack has no alarms.'
              : `None of ${number(all.length)} alarms rings.`,
          next: null,
        },
      ];
    return ringing.map(({ name, since, meaning }) => ({
      about: 'alarms',
      state: 'wrong',
      says: `The alarm “${name}” rings${since === null ? '' : ` since ${since.toISOString()}`}. ${meaning}`,
      next: `aws cloudwatch describe-alarm-history --region ${stack.region} --alarm-name '${name}'`,
    }));
  }),
];

/** Judges what lies in an on-failure destination: each batch waits for a person. */
export const onFailureFinding = (
  { batches, isMore, oldest }: OnFailureHealth,
  destination: string,
  command: CommandLine,
): Finding => {
  const about = 'on-failure';
  if (batches === 0)
    return {
      about,
      state: 'fine',
      says: `The on-failure destination ${destination} is empty.`,
      next: null,
    };
  const isTopic = destination.startsWith('kafka://');
  const what = isTopic ? count(batches, 'record') : count(batches, 'batch', 'batches');
  const isQueue = /^https?:/.test(destination);
  return {
    about,
    state: 'wrong',
    says:
      `${isMore ? 'More than ' : ''}${what} ${batches === 1 && !isMore ? 'lies' : 'lie'} in the on-failure destination ${destination}` +
      `${oldest === null ? '' : `, the oldest since ${oldest.toISOString()}`}. ` +
      (isTopic
        ? 'Redriven ones stay until the topic’s retention ends.'
        : `Redrive ${isQueue ? 'deletes' : 'removes'} those of which nothing is left to be done.`),
    next: command(
      'redrive',
      '--from-failed',
      '--to',
      'tables',
      ...(isTopic || isQueue ? [] : ['--remove']),
    ),
  };
};

const known = <T>(
  about: Finding['about'],
  told: Told<T>,
  judge: (value: T) => readonly Finding[],
): readonly Finding[] =>
  told.kind === 'known'
    ? judge(told.value)
    : [{ about, state: 'unknown', says: told.why, next: null }];
