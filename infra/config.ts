import type * as z from 'zod';
import { alarms } from './config/alarms.ts';
import { environment } from './config/environment.ts';
import { functionSettings } from './config/function.ts';
import { guard } from './config/guards.ts';
import { mapping } from './config/mapping.ts';
import { network } from './config/network.ts';
import { onFailure, topicName } from './config/on-failure.ts';
import { flag, oneOf, settings, text } from './config/rules.ts';
import { schemaRegistry } from './config/schema-registry.ts';
import { sink } from './config/sink.ts';
import { source } from './config/source.ts';
import { whyUnsupported } from './config/unsupported.ts';

/** The settings of a stage in the context of `cdk.json`. docs/settings.md is generated from them. */
export const stageSettings = settings({
  stackName: text(
    'the stack’s name',
    'letters, digits and -, beginning with a letter',
    /^[A-Za-z][A-Za-z0-9-]{0,127}$/,
  ),
  account: text(
    'the account; may be left out for a demo',
    'an account’s 12 digits, in quotes',
    /^\d{12}$/,
  ).optional(),
  region: text(
    'the region; may be left out for a demo',
    'a region like eu-west-1',
    /^[a-z]{2,4}(-[a-z]+)+-\d$/,
  ).optional(),
  topic: topicName('the topic that is read'),
  consumerGroup: text(
    'the consumer group of the mapping and of the checkpoints; another one begins anew',
    '1 to 200 of letters, digits and -/*:_+=.@',
    /^[A-Za-z0-9\-/*:_+=.@]{1,200}$/,
  ),
  source,
  sink,
  schemaRegistry: schemaRegistry.optional(),
  mapping: mapping.prefault({}),
  onFailure: onFailure.prefault({ kind: 's3' }),
  network: network.optional(),
  function: functionSettings,
  environment,
  encryption: oneOf(
    'whose key encrypts the bucket or queue, the log, the variables and Keyspaces’ tables',
    ['aws', 'own-key'],
  ).default('aws'),
  removal: oneOf('what becomes of tables, bucket and key when the stack is deleted', [
    'retain',
    'destroy',
  ]).default('retain'),
  terminationProtection: flag(
    'have CloudFormation refuse to delete the stack, until this is false again and deployed',
  ).default(false),
  alarms,
});

export type DeployConfig = z.output<typeof stageSettings>;

/** All mistakes in a stage, each with path, rule and value. */
export class DeployConfigError extends Error {
  override readonly name = 'DeployConfigError';
  readonly mistakes: readonly string[];

  constructor(stage: string, mistakes: readonly string[]) {
    super(
      `The configuration of stage "${stage}" in cdk.json is wrong:\n${mistakes
        .map((mistake) => `  - ${mistake}`)
        .join('\n')}`,
    );
    this.mistakes = mistakes;
  }
}

/** Reads the other stages of `cdk.json`. Wrong ones are left out: they are not deployed now. */
export const readOtherStages = (
  stage: string,
  given: Readonly<Record<string, unknown>>,
): Record<string, DeployConfig> =>
  Object.fromEntries(
    Object.entries(given).flatMap(([name, one]) => {
      const { data } = stageSettings.safeParse(one);
      return name === stage || data === undefined ? [] : [[name, data]];
    }),
  );

/**
 * Checks a stage and fills in its defaults.
 * @throws {DeployConfigError} naming every mistake.
 */
export const readDeployConfig = (stage: string, given: unknown): DeployConfig => {
  const { data, error } = stageSettings
    // Without `when`, a refinement is skipped as long as anything else is wrong.
    .superRefine(guard, { when: () => true })
    .safeParse(given);
  if (error === undefined) return data;
  throw new DeployConfigError(stage, error.issues.flatMap(describe));
};

const describe = (issue: z.core.$ZodIssue): string[] => {
  const paths =
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => [...issue.path, key])
      : [issue.path];
  return paths.map((path) => {
    const name = path.length === 0 ? 'the stage' : path.join('.');
    const why = issue.code === 'unrecognized_keys' ? whyUnsupported(name) : undefined;
    return `${name} ${why ?? issue.message}`;
  });
};
