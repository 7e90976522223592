import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { nameLike } from '../../infra/config/did-you-mean.ts';
import type { Deployed } from '../target/open-target.ts';
import { UserFacingError } from '../terminal/user-facing-error.ts';

/** Where a pipeline is deployed. */
export interface Place {
  /** The words by which messages name the pipeline: `stage prod`. */
  readonly name: string;
  readonly stackName: string;
  /** The path of the construct in a stack of somebody's own app; absent where the stack has one pipeline. */
  readonly construct?: string;
  /** The region; absent where it is left to the credentials. */
  readonly region?: string;
  /** The account that the stage names. */
  readonly account?: string;
}

const stageRule = z.looseObject({
  stackName: z.string(),
  region: z.string().optional(),
  account: z.string().optional(),
});

/**
 * Finds where a pipeline is deployed: by the name of its stack, or by a stage in a file of stages or in a cdk.json.
 * @param folder the folder whose cdk.json is read; that of the project where it has none.
 * @throws {UserFacingError} where there is no such stage.
 */
export const placeOf = (
  { stage, stages: file, stack, region }: Deployed,
  folder = process.cwd(),
): Place => {
  if (stack !== undefined) return ofStack(stack, region);
  if (stage === undefined)
    throw new UserFacingError('--stages names the file that a stage is in: name it by --stage.');
  const known = stagesOf(file, folder);
  const found = Object.hasOwn(known.stages, stage) ? known.stages[stage] : undefined;
  if (found === undefined) throw new UserFacingError(noSuchStage(stage, known));
  const { data, error } = stageRule.safeParse(found);
  if (error !== undefined)
    throw new UserFacingError(
      `The stage ${stage} in ${known.file} has no stackName that could be looked for: npm run synth -- -c stage=${stage} says what is wrong with it.`,
    );
  const { stackName, region: itsRegion, account } = data;
  const where = region ?? itsRegion;
  return {
    name: `stage ${stage}`,
    stackName,
    ...(where !== undefined && { region: where }),
    ...(account !== undefined && { account }),
  };
};

const ofStack = (given: string, region: string | undefined): Place => {
  const [stackName = '', ...path] = given.split('/');
  return {
    name: `stack ${given}`,
    stackName,
    ...(path.length > 0 && { construct: path.join('/') }),
    ...(region !== undefined && { region }),
  };
};

interface KnownStages {
  /** The file, as messages name it. */
  readonly file: string;
  readonly stages: Readonly<Record<string, unknown>>;
}

const projectFolder = join(import.meta.dirname, '../..');

/** Reads the stages of a file; without one those of cdk.json, which may name a file itself. */
const stagesOf = (file: string | undefined, folder: string): KnownStages => {
  if (file !== undefined) return { file, stages: objectIn(file, readJson(file)) };
  const own = [folder, projectFolder]
    .map((one) => join(one, 'cdk.json'))
    .map((path) => readJson(path, true))
    .find((json) => json !== undefined);
  if (own === undefined)
    throw new UserFacingError(
      'There is no cdk.json in this folder that a stage could be in. Name a file of stages by --stages <file>, or the stack by --stack <name>.',
    );
  const stages: unknown = Object(Object(own).context).stages;
  return typeof stages === 'string'
    ? stagesOf(join(folder, stages), folder)
    : { file: 'cdk.json', stages: Object(stages) };
};

/** Reads a file of JSON. @param optional true gives undefined for a file that is not there. */
const readJson = (path: string, optional = false): unknown => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (optional && (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new UserFacingError(
      `${path} must be a file of JSON that can be read (${(error as Error).message}).`,
      { cause: error },
    );
  }
};

const objectIn = (file: string, json: unknown): Readonly<Record<string, unknown>> => {
  if (typeof json === 'object' && json !== null && !Array.isArray(json))
    return json as Record<string, unknown>;
  throw new UserFacingError(
    `${file} must be an object of stages by their names, as context.stages of cdk.json is one.`,
  );
};

const noSuchStage = (stage: string, { file, stages }: KnownStages): string => {
  const names = Object.keys(stages);
  const like = nameLike(stage, names);
  if (names.length === 0)
    return `${file} has no stages. Name a file of stages by --stages <file>, or the stack by --stack <name>.`;
  return `${file} has no stage ${stage}${like === undefined ? '' : ` (did you mean ${like}?)`}. It has ${names.join(', ')}.`;
};
