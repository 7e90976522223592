import type { Command } from 'commander';
import { operation } from '../operate/operation.ts';
import { timeOption } from '../terminal/time-option.ts';
import type { ForgetOptions } from './forget.ts';

/** The command that deletes one person's data. */
export const forgetCommand = (
  run: (id: string, options: ForgetOptions) => Promise<void>,
): Command =>
  operation({
    name: 'forget <user>',
    does:
      'Deletes a person’s rows of user_events. In rejected_events it deletes key, value and headers of the person’s records; their rows stay, ' +
      'with the reasons. Without --yes the command only counts them. It says what it cannot reach: the topic, failed batches, backups.',
    examples: [
      'forget 6f1c2b0e-0d0e-4d57-9a3b-0f7f8c0a9b11 --all',
      'forget 6f1c2b0e-0d0e-4d57-9a3b-0f7f8c0a9b11 --from 2026-01-01 --yes',
    ],
    lists: true,
  })
    .option('--all', 'look for the person’s days in the keys of the whole table')
    .option('--from <time>', 'in place of --all: the first day of an event', (text) =>
      timeOption(text),
    )
    .option('--to <time>', 'with --from: the last day (default: a day ahead)', (text) =>
      timeOption(text),
    )
    .option('--yes', 'do it, without a question')
    .action(run);
