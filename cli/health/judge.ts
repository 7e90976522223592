import type { Target } from '../target/target.ts';
import type { Told } from '../target/told.ts';
import { count } from '../terminal/words.ts';
import type { FailedBatches } from './failed-batches.ts';
import type { CommandLine, Finding } from './finding.ts';
import type { Limits } from './limits.ts';
import type { Looked } from './look.ts';
import { positionFindings } from './position-findings.ts';
import { rejectedFinding } from './rejected-finding.ts';
import { onFailureFinding, stackFindings } from './stack-findings.ts';

const order = { wrong: 0, unknown: 1, fine: 2 } as const;

/** Judges all that was asked about a pipeline: what is wrong first, then what could not be looked at. */
export const judgeHealth = (
  { stack, settings }: Pick<Target, 'stack' | 'settings'>,
  looked: Looked,
  limits: Limits,
  command: CommandLine,
): Finding[] => {
  const { states, waitedMs, rejected, members, failed, now } = looked;
  const findings: Finding[] = [
    {
      about: 'version',
      state: 'fine',
      says:
        stack === null
          ? 'The pipeline is not deployed, so that its version is unknown.'
          : `Version ${stack.version} is deployed.`,
      next: null,
    },
  ];
  if (stack !== null && looked.stack !== null)
    findings.push(...stackFindings(stack, looked.stack, command));
  if (stack === null) findings.push(membersFinding(members, settings.consumerGroup));
  findings.push(...failedFindings(failed, command));
  if (states.kind === 'unknown')
    findings.push({ about: 'lag', state: 'unknown', says: states.why, next: null });
  else if (states.value.partitions.length === 0)
    findings.push({
      about: 'lag',
      state: 'unknown',
      says:
        `The group ${settings.consumerGroup} has no checkpoint in ${settings.keyspace}.partition_watermarks: nothing was handled yet, or ` +
        `the group is another (--group). ${states.value.unreached.join(' ')}`.trimEnd(),
      next: command('partitions'),
    });
  else {
    const { partitions, unreached } = states.value;
    if (waitedMs.kind === 'unknown')
      findings.push({ about: 'waiting', state: 'unknown', says: waitedMs.why, next: null });
    const waited = waitedMs.kind === 'known' ? waitedMs.value : new Map();
    findings.push(
      ...positionFindings({ partitions, unreached, waitedMs: waited, now }, limits, command),
      rejected.kind === 'known'
        ? rejectedFinding(rejected.value, limits, command)
        : { about: 'rejected', state: 'unknown', says: rejected.why, next: null },
    );
  }
  return findings.toSorted((one, other) => order[one.state] - order[other.state]);
};

const membersFinding = (members: Told<number>, group: string): Finding => {
  if (members.kind === 'unknown')
    return { about: 'reading', state: 'unknown', says: members.why, next: null };
  return members.value === 0
    ? {
        about: 'reading',
        state: 'wrong',
        says: `Nobody reads: the consumer group ${group} has no members.`,
        next: 'npm run consume -- --help',
      }
    : {
        about: 'reading',
        state: 'fine',
        says: `The consumer group ${group} has ${count(members.value, 'member')}.`,
        next: null,
      };
};

const failedFindings = (told: Told<FailedBatches | null>, command: CommandLine): Finding[] => {
  if (told.kind === 'unknown')
    return [{ about: 'on-failure', state: 'unknown', says: told.why, next: null }];
  return told.value === null ? [] : [onFailureFinding(told.value, told.value.destination, command)];
};
