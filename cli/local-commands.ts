import type { LocalName } from './local-words.ts';
import { runCommand } from './terminal/run-command.ts';

/** The commands that run something on this machine, each by the command line of the process; an npm script of the same name calls each. */
export const localCommands: Readonly<Record<LocalName, () => Promise<unknown>>> = {
  start: () => import('../local/start.ts'),
  consume: async () => {
    const { consumeCommand } = await import('../local/consume.ts');
    const { consume } = await import('../local/own-events/consume.ts');
    await runCommand(consumeCommand, consume);
  },
  produce: async () => {
    const { produceCommand, produce } = await import('../local/produce.ts');
    await runCommand(produceCommand, produce);
  },
  cql: async () => {
    const { cqlCommand, cql } = await import('../local/cql.ts');
    await runCommand(cqlCommand, cql);
  },
  invoke: () => import('../local/invoke.ts'),
  inspect: () => import('../local/inspect.ts'),
};
