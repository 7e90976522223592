// `npm run synth`: checks a stage, and says what was checked and what comes next.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { InvalidArgumentError, Option } from 'commander';
import { scriptCommand } from '../cli/terminal/command.ts';
import { main } from '../cli/terminal/main.ts';
import { UserFacingError } from '../cli/terminal/user-facing-error.ts';
import { misplacedOptions } from './synth/misplaced-options.ts';

const assignments = (given: string, before: readonly string[]): readonly string[] => {
  if (!/^\w+=./.test(given))
    throw new InvalidArgumentError(
      `It needs a name and a value: npm run synth -- -c ${given.replace(/=$/, '')}=<value>`,
    );
  return [...before, given];
};

const command = scriptCommand({
  name: 'synth',
  does: 'Checks a stage and makes its template. It needs no account, and deploys nothing.',
  takes: 'some ten seconds',
})
  .addOption(
    new Option(
      '-c, --context <name=value>',
      'stage=<stage> names the stage; stages=<file> the file that has it (cdk.json unless given)',
    )
      .argParser(assignments)
      .default([], 'stage=example'),
  )
  .option('-o, --output <folder>', 'where the template is written', 'cdk.out');

await main(async (signal) => {
  const instead = misplacedOptions(process.env);
  if (instead !== null)
    throw new UserFacingError(
      `npm took the options for its own: those of the command come after --. Type\n\n    ${instead}`,
    );
  const { context, output } = command.parse().opts<{
    readonly context: readonly string[];
    readonly output: string;
  }>();
  const args = ['synth', '--quiet', '--output', output, ...context.flatMap((one) => ['-c', one])];
  const child = spawn('cdk', args, { stdio: 'inherit', signal });
  // An abort ends the child; the error that reports it adds nothing.
  child.on('error', () => {});
  await once(child, 'close').catch(() => null);
  if (child.exitCode !== 0) return child.exitCode ?? 1;
  const { summary } = await import('./synth/summary.ts');
  process.stderr.write(`\n${summary(output, context).join('\n')}\n`);
  return 0;
});
