import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../../local/servers/temporary-folder.ts';
import { operate } from '../support/operate.ts';
import type { Strictness } from './judgement.ts';
import type { RoundOptions } from './round.ts';
import type { ChaosKeyspace } from './scenes.ts';
import type { World } from './world.ts';

/**
 * Asks `user-events verify`, which knows nothing of the generator, what has become of a round's records.
 * @returns what it finds wrong: records that are missing, and in exact rounds those that are different.
 */
export const judgeByVerify = async (
  { topic, envelopes }: Pick<World, 'topic' | 'envelopes'>,
  { environment }: ChaosKeyspace,
  { bootstrapServers }: Pick<RoundOptions<never>, 'bootstrapServers'>,
  strictness: Strictness,
): Promise<string[]> => {
  await using folder = await temporaryFolder('chaos-failed');
  for (const [index, envelope] of envelopes.entries())
    await writeFile(join(folder.path, `${index}.json`), JSON.stringify(envelope));
  const { printed } = await operate(
    ['verify', '--json', '--rate', '100000', '--on-failure', folder.path],
    { environment, topic, bootstrapServers },
  );
  const { counts, causes } = JSON.parse(printed.at(-1) ?? '{}');
  const wrong =
    strictness === 'exact'
      ? ['missing', 'different', 'unread', 'not looked at']
      : ['missing', 'unread'];
  return wrong.some((name) => counts[name] !== undefined)
    ? [`verify: ${JSON.stringify(counts)}, ${JSON.stringify(causes)}`]
    : [];
};
