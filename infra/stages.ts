import { readFileSync } from 'node:fs';
import { DeployConfigError } from './config/read-deploy-config.ts';

/** The stages of a file. */
export interface Stages {
  /** The file, as messages name it. */
  readonly file: string;
  readonly stages: Readonly<Record<string, unknown>>;
}

/**
 * Finds the stages: those of cdk.json, or of the file that `-c stages=<file>` names, so that an upgrade of the project does not touch them.
 * @param given the context `stages`: an object, or a file's path from the current folder.
 * @throws {DeployConfigError} if the file cannot be read, or does not hold stages by their names.
 */
export const findStages = (given: unknown): Stages => {
  if (typeof given !== 'string') return { file: 'cdk.json', stages: Object(given) };
  const stages = read(given);
  if (typeof stages !== 'object' || stages === null || Array.isArray(stages))
    throw new DeployConfigError('the stages', [
      `-c stages=${given} must be a file with an object of stages by their names, as context.stages of cdk.json is one`,
    ]);
  return { file: given, stages: stages as Record<string, unknown> };
};

const read = (file: string): unknown => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new DeployConfigError('the stages', [
      `-c stages=${file} must be a JSON file that can be read (${(error as Error).message})`,
    ]);
  }
};
