import type * as z from 'zod';
import { checkPipeline, checkStage } from './guards/check.ts';
import { type PipelineSettings, pipelineSettings } from './pipeline.ts';
import { type DeployConfig, stageSettings } from './stage.ts';
import { whyUnsupported } from './unsupported.ts';

/** All that is wrong with a stage or with a construct's props, each mistake with path, rule and value. */
export class DeployConfigError extends Error {
  override readonly name = 'DeployConfigError';
  readonly mistakes: readonly string[];

  /** @param what the stage or the construct that is configured. */
  constructor(what: string, mistakes: readonly string[]) {
    super(
      `The configuration of ${what} is wrong:\n${mistakes
        .map((mistake) => `  - ${mistake}`)
        .join('\n')}`,
    );
    this.mistakes = mistakes;
  }
}

/** Reads the other stages of the same file. Those that are wrong are left out: they are not what is deployed now. */
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
 * @param file the name of the file that has the stage, for the message.
 * @throws {DeployConfigError} naming every mistake.
 */
export const readDeployConfig = (
  stage: string,
  given: unknown,
  file = 'cdk.json',
): DeployConfig => {
  const { data, error } = stageSettings
    // Without `when`, zod runs a refinement only if nothing else is wrong.
    .superRefine(checkStage, { when: () => true })
    .safeParse(given);
  if (error === undefined) return data;
  throw new DeployConfigError(`stage "${stage}" in ${file}`, error.issues.flatMap(describe));
};

/**
 * Checks the settings of a pipeline, and fills in what they leave out.
 * @param path the path of the construct that they are given to.
 * @throws {DeployConfigError} naming every mistake.
 */
export const readPipelineSettings = (path: string, given: unknown): PipelineSettings => {
  const { data, error } = pipelineSettings
    .superRefine(checkPipeline, { when: () => true })
    .safeParse(given);
  if (error === undefined) return data;
  throw new DeployConfigError(`the user events pipeline ${path}`, error.issues.flatMap(describe));
};

const describe = (issue: z.core.$ZodIssue): string[] => {
  if (issue.code !== 'unrecognized_keys')
    return [`${issue.path.length === 0 ? 'the stage' : issue.path.join('.')} ${issue.message}`];
  const messages = issue.message.split('\n');
  return issue.keys.map((key, index) => {
    const name = [...issue.path, key].join('.');
    return `${name} ${whyUnsupported(name) ?? messages[index]}`;
  });
};
