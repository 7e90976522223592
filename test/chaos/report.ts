import { columns, print, table, verdict, wrap } from '../../cli/terminal/print.ts';
import { count, number } from '../../cli/terminal/words.ts';
import type { FaultReport, RoundReport } from './round.ts';

export const isRight = ({ judgement, problems }: RoundReport): boolean =>
  judgement.lost + judgement.wrong + judgement.wronglyLate + problems.length === 0;

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(1);

/** Prints a line for a round, and everything known about a failed one. */
export const printRound = (round: RoundReport, command: string): void => {
  const { stage, seed, events, faults, judgement, duplicates, problems, complaints } = round;
  const right = isRight(round);
  print(
    wrap(
      `${verdict(right, right ? 'right' : 'WRONG')}  ${stage}, seed ${seed}: ${count(events, 'event')}, ` +
        `${number(duplicates)} delivered again; ${faults
          .map(({ kind, caughtUpMs }) => `${kind} (${seconds(caughtUpMs)} s)`)
          .join(', ')}`,
      columns(),
    ),
  );
  if (right) return;
  for (const { kind, at, heldMs, firstMs, caughtUpMs, failedInvocations } of faults)
    print(
      wrap(
        `  at ${at.toFixed(1)} s: ${kind}, held ${seconds(heldMs)} s; first record handled after ${seconds(firstMs)} s, all ` +
          `after ${seconds(caughtUpMs)} s; ${count(failedInvocations, 'invocation')} failed`,
        columns(),
      ),
    );
  const { lost, wrong, wronglyLate, examples } = judgement;
  print(`  ${lost} lost, ${wrong} wrong, ${wronglyLate} wrongly late`);
  for (const line of [...problems, ...examples]) print(`  ${line}`);
  for (const line of complaints) print(`  the function: ${line}`);
  print(`  again: ${command}`);
};

/** Prints all rounds, by fault and in sum. */
export const printReport = (rounds: readonly RoundReport[], minutes: number): void => {
  const byKind = Map.groupBy(
    rounds.flatMap(({ faults }) => faults),
    ({ kind }) => kind,
  );
  print('');
  print(
    table(
      [
        'fault',
        'times',
        'held s',
        'first handled s',
        'caught up s',
        'longest',
        'failed invocations',
      ],
      [...byKind].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([kind, of]) => faultRow(kind, of)),
      true,
    ),
  );
  const sum = (of: (round: RoundReport) => number): string =>
    number(rounds.reduce((total, round) => total + of(round), 0));
  print('');
  print(
    table(
      ['in sum', ''],
      [
        ['minutes', minutes.toFixed(1)],
        ['rounds', sum(() => 1)],
        ['faults', sum(({ faults }) => faults.length)],
        ['events', sum(({ events }) => events)],
        ['of them poison', sum(({ poison }) => poison)],
        ['lost', sum(({ judgement }) => judgement.lost)],
        ['wrong', sum(({ judgement }) => judgement.wrong)],
        ['wrongly late', sum(({ judgement }) => judgement.wronglyLate)],
        ['delivered again', sum(({ duplicates }) => duplicates)],
        ['to the on-failure destination', sum(({ toDestination }) => toDestination)],
        ['rows that zombies left otherwise', sum(({ judgement }) => judgement.tolerated)],
        ['late events in both tables', sum(({ judgement }) => judgement.inBoth)],
        ['other problems', sum(({ problems }) => problems.length)],
      ],
      true,
    ),
  );
  if (rounds.length === 0) {
    print('\nNo round was played to its end: nothing is known.');
    return;
  }
  const wrong = rounds.filter((round) => !isRight(round));
  print(
    wrong.length === 0
      ? `\n${verdict(true, 'Nothing lost, nothing wrong, nothing wrongly late.')}`
      : `\n${verdict(false, 'NOT right')}: the rounds of the seeds ${wrong.map(({ stage, seed }) => `${seed} (${stage})`).join(', ')}, above.`,
  );
};

const faultRow = (kind: string, of: readonly FaultReport[]): string[] => {
  const mean = (value: (one: FaultReport) => number): string =>
    seconds(of.reduce((total, one) => total + value(one), 0) / of.length);
  return [
    kind,
    number(of.length),
    mean(({ heldMs }) => heldMs),
    mean(({ firstMs }) => firstMs),
    mean(({ caughtUpMs }) => caughtUpMs),
    seconds(Math.max(...of.map(({ caughtUpMs }) => caughtUpMs))),
    number(of.reduce((total, { failedInvocations }) => total + failedInvocations, 0)),
  ];
};
