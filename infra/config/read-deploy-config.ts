import type * as z from 'zod';
import { checkStage } from './guards/check-stage.ts';
import { type DeployConfig, stageSettings } from './stage.ts';
import { whyUnsupported } from './unsupported.ts';

/** All that is wrong with a stage, each mistake with path, rule and value. */
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

/** Reads the other stages of `cdk.json`. Those that are wrong are left out: they are not what is deployed now. */
export const readOtherStages = (
  stage: string,
  given: Readonly<Record<string, unknown>>,
): Record<string, DeployConfig> =>
  Object.fromEntries(
    Object.entries(given).flatMap(([name, other]) => {
      const { data } = stageSettings.safeParse(other);
      return name === stage || data === undefined ? [] : [[name, data]];
    }),
  );

/**
 * Checks a stage, and fills in what it leaves out.
 * @throws {DeployConfigError} naming every mistake.
 */
export const readDeployConfig = (stage: string, given: unknown): DeployConfig => {
  const { data, error } = stageSettings
    // Without `when`, zod runs a refinement only if nothing else is wrong.
    .superRefine(checkStage, { when: () => true })
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
