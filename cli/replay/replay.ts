import { type Context, type ExitCode, exitCodes } from '../operate/context.ts';
import type { Target } from '../target/target.ts';
import { openTasks } from '../tasks/tasks.ts';
import { UserFacingError } from '../terminal/user-facing-error.ts';
import { count } from '../terminal/words.ts';
import { commandsByHand } from './by-hand.ts';
import { type Look, look } from './look.ts';
import type { ReplayOptions } from './replay-command.ts';
import { setBack, untilMapping } from './set-back.ts';
import { showPlan } from './show.ts';

/** Says what a replay would do, and does it where that is asked for. */
export const replay = async (context: Context, options: ReplayOptions): Promise<ExitCode> => {
  const { output, openTarget, signal, confirm } = context;
  const { yes = false, disable = false } = options;
  if (disable && !yes)
    throw new UserFacingError(
      '--disable goes with --yes. Without --yes nothing is changed, and the mapping need not be disabled.',
    );
  await using target = await openTarget(options);
  if (disable && target.mapping === null)
    throw new UserFacingError(
      `${target.name} has no event source mapping that could be disabled from here: end whatever reads as ${target.settings.consumerGroup}.`,
    );
  const found = await look(target, options, signal);
  await showPlan(output, found, target.settings, options);
  if (found.moves.length === 0) {
    output.tell('Nothing is set back: the group is nowhere behind the place that was given.');
    return exitCodes.fine;
  }
  const obstacle = disable && isRunning(found) ? null : obstacleOf(found);
  if (yes && obstacle !== null) {
    tellCommands(context, target, found);
    throw new UserFacingError(`Nothing was set back: ${obstacle}.`);
  }
  const question = `Set the group ${found.group} back in ${count(found.moves.length, 'partition')}?`;
  const isAgreed = yes || (obstacle === null && (await confirm(question)));
  if (!isAgreed) {
    tellCommands(context, target, found);
    output.tell(
      obstacle === null
        ? 'Nothing was changed. --yes sets the group back.'
        : `Nothing was changed. For --yes: ${obstacle}.`,
    );
    return exitCodes.fine;
  }
  await change(context, target, found);
  return exitCodes.fine;
};

const isRunning = ({ mappingState }: Look): boolean =>
  mappingState !== null && mappingState !== 'Disabled';

/** Says what keeps the group from being set back; null where nothing does. */
const obstacleOf = (found: Look): string | null => {
  const { mappingState, members, group } = found;
  if (isRunning(found))
    return `the event source mapping is ${mappingState}, and would go on from where it is: disable it first, or add --disable`;
  return members === 0
    ? null
    : `${members === 1 ? 'a client is' : `${members} clients are`} in the group ${group}: end whatever reads as this group first`;
};

const tellCommands = ({ output }: Context, target: Target, found: Look): void => {
  const { connection, group, topic, moves } = found;
  const { bootstrapServers, tls, sasl } = connection;
  const isSecured = tls !== undefined || sasl !== undefined;
  const { stack } = target;
  output.tell('By hand, one after the other:');
  for (const line of commandsByHand({ bootstrapServers, isSecured, group, topic, moves, stack }))
    output.tell(`  ${line}`);
  if (isSecured)
    output.tell(
      'client.properties has the login of Kafka’s own tools (security.protocol, sasl.*).',
    );
  if (stack !== null) output.tell('Wait after the first command until the state is "Disabled".');
};

/** Sets the group back, with an audit line, and with the mapping disabled meanwhile. */
const change = async (context: Context, target: Target, found: Look): Promise<void> => {
  const { output, signal, caller } = context;
  const { mapping } = target;
  const tasks = await openTasks(target);
  const offsets = found.moves.map(({ partition, from }) => `${partition}:${from}`).join(' ');
  using task = await tasks.begin({
    command: 'replay',
    who: await caller(),
    what: `group ${found.group} of ${found.topic} back to ${offsets}`,
  });
  let records = 0n;
  try {
    if (mapping !== null && isRunning(found)) {
      await using _ = {
        // The pipeline goes on afterwards, whatever happens meanwhile.
        async [Symbol.asyncDispose]() {
          await mapping.setEnabled(true);
          output.tell('The event source mapping is enabled again.');
        },
      };
      await mapping.setEnabled(false);
      await untilMapping(mapping, 'Disabled', { output, signal });
      records = await setBack(found, { output, signal });
    } else records = await setBack(found, { output, signal });
    task.count('delivered again', Number(records));
    await task.end('done', `at most ${count(Number(records), 'record')} will be delivered again`);
  } catch (error) {
    await task.end('failed', (error as Error).message);
    throw error;
  }
  output.tell(
    `The group ${found.group} is set back: at most ${count(Number(records), 'record')} will be delivered again.`,
  );
  if (mapping !== null && isRunning(found))
    await untilMapping(mapping, 'Enabled', { output, signal });
  else if (mapping !== null)
    output.tell('The event source mapping is still disabled: enable it, and it reads from there.');
};
