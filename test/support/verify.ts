import type { Finding } from '../../cli/verify/findings-file.ts';
import type { TestKeyspace } from './keyspace.ts';
import { operate } from './operate.ts';
import { testServers } from './test-environment.ts';

/** What a verification of this test run says, as a program reads it. */
export const verify = async (
  { environment }: Pick<TestKeyspace, 'environment'>,
  topic: string,
  ...args: readonly string[]
) => {
  const { exitCode, printed, told } = await operate(
    ['verify', '--json', '--rate', '100000', ...args],
    { environment, topic, bootstrapServers: testServers().bootstrapServers },
  );
  const lines = printed.map((line) => JSON.parse(line));
  const findings = lines.filter(({ type }) => type === 'finding') as Finding[];
  const [summary = {}] = lines.filter(({ type }) => type === 'summary');
  return {
    exitCode,
    told: told.join('\n'),
    counts: (summary.counts ?? {}) as Record<string, number>,
    summary,
    findings,
    /** Each finding in a few words. */
    found: findings
      .map(({ partition, offset, kind, why }) => `${partition}/${offset} ${kind}: ${why}`)
      .sort(),
  };
};
