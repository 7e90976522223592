import { startEventSourceMapping } from '../event-source-mapping.ts';
import { rootMessage } from '../root-message.ts';
import { TriggerError } from '../trigger-error.ts';
import type { CommandOptions } from './options.ts';
import { batchText, count, givenUpText, jsonText } from './text.ts';

/**
 * Runs the function until Ctrl-C, or up to the topic's end. The first Ctrl-C finishes and commits what is in flight, the second ends the
 * function.
 * @returns the exit code: 1 where records were lost.
 */
export const runCommand = async (options: CommandOptions): Promise<number> => {
  const { mapping: settings, function: configuration, notes, json, untilEnd } = options;
  const say = (type: string, text: string, facts: object = { text }): void =>
    void process.stdout.write(`${json ? jsonText({ type, ...facts }) : text}\n`);
  for (const note of notes) say('note', `NOTE ${note}`, { text: note });

  // Nothing has to be finished before it is ready.
  let interrupt = (): void => process.exit(130);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => interrupt());

  /** The error that was told last: one that goes on is told once. */
  let lastError = '';
  await using mapping = await startEventSourceMapping({
    ...settings,
    function: {
      ...configuration,
      onLog: (line) => say('log', line, { line }),
      onPlatformLog: (line) => say('platform', line, { line }),
    },
    onBatch: (report) => {
      lastError = '';
      say('batch', batchText(report), report);
    },
    onGivenUp: (report) => say('given-up', givenUpText(report), report),
    onError: (error) => {
      const message = rootMessage(error);
      if (message !== lastError) say('error', `ERROR ${message}`, { message });
      lastError = message;
    },
  });
  const interrupted = new Promise<void>((resolve) => {
    interrupt = () => {
      resolve();
      interrupt = () => mapping.function?.kill();
    };
  });
  const brokers = settings.connection?.bootstrapServers.join(',');
  say(
    'ready',
    `READY topic ${settings.topic} at ${brokers}, group ${mapping.consumerGroup}. Ctrl-C stops.`,
    { topic: settings.topic, brokers, group: mapping.consumerGroup },
  );
  await Promise.race([untilEnd ? mapping.drain() : mapping.finished, interrupted]).catch(
    (error: unknown) => {
      throw error instanceof TriggerError
        ? error
        : new Error('The mapping has ended', { cause: error });
    },
  );
  await mapping.stop();
  const counts = mapping.counts();
  say(
    'end',
    `END ${count(counts.delivered, 'record')} in ${count(counts.invocations, 'invocation')}; tried again: ${counts.retriedRecords}, ` +
      `to the destination: ${counts.toDestination}, lost: ${counts.dropped}.`,
    counts,
  );
  return counts.dropped > 0 ? 1 : 0;
};
