import { main } from '../../cli/terminal/main.ts';
import { printJson, printStep } from '../../cli/terminal/print.ts';
import { createRandom } from '../../local/dataset/random.ts';
import { readOptions } from './options.ts';
import { isRight, printReport, printRound } from './report.ts';
import type { RoundReport } from './round.ts';
import type { StageName } from './stage-names.ts';
import { openStages } from './stages.ts';

const options = readOptions(process.argv.slice(2));

/** The sequence of stages. A stage with more faults comes more often. */
const sequence: readonly StageName[] = [
  'one',
  'members',
  'three',
  'one',
  'poison',
  'simulacron',
  'one',
  'three',
];

/** The short sequence of the tests, which takes a minute or two. */
const shortSequence: readonly StageName[] = ['one', 'three', 'simulacron'];

await main(async (signal) => {
  const { minutes, seed, rate, short, only, json } = options;
  const order = short ? shortSequence : sequence;
  const began = performance.now();
  const elapsed = (): number => (performance.now() - began) / 60_000;
  const rounds: RoundReport[] = [];
  // An interrupted chaos cannot close broken servers in order: the watchdog ends them.
  const report = (): void =>
    json ? printJson({ minutes: elapsed(), rounds }) : printReport(rounds, elapsed());
  signal.addEventListener('abort', () => {
    report();
    process.stderr.write(`\n${signal.reason.message}\n`);
    process.exit(130);
  });
  await using stages = await openStages(printStep);
  const most = options.rounds ?? Number.POSITIVE_INFINITY;
  while (rounds.length < most && elapsed() < minutes) {
    const stage = only ?? (order[rounds.length % order.length] as StageName);
    const ofRound = seed + rounds.filter((round) => round.stage === stage).length;
    const random = createRandom(ofRound);
    const round = await stages.play(stage, { seed: ofRound, short, rate, random });
    rounds.push(round);
    if (!json)
      printRound(
        round,
        `npm run chaos -- --only ${stage} --seed ${ofRound} --rounds 1 --rate ${rate}${short ? ' --short' : ''}`,
      );
    if (round.broken) break;
  }
  report();
  return rounds.length > 0 && rounds.every(isRight) ? 0 : 1;
});
