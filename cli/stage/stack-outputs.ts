import { type OutputName, outputNames } from '../../infra/output-names.ts';
import { UserFacingError } from '../terminal/user-facing-error.ts';
import type { Place } from './place-of.ts';

/** An output of a stack, as CloudFormation describes it. */
interface StackOutput {
  readonly OutputKey?: string | undefined;
  readonly OutputValue?: string | undefined;
}

/** The outputs of one pipeline, by their names. */
export type PipelineOutputs = ReadonlyMap<OutputName, string>;

/** The longest first, for some names end in others. */
const byLength = outputNames.toSorted((one, other) => other.length - one.length);

/**
 * Splits the key of an output into its construct and its name. In a stage the key is the name; in somebody's own app it is made of the
 * construct's path and the name, with the eight characters that CDK puts behind them.
 */
const partsOf = (key: string): { construct: string; name: OutputName } | null => {
  const bare = key.replace(/(?<=.)[0-9A-F]{8}$/, '');
  for (const text of [key, bare])
    for (const name of byLength)
      if (text.endsWith(name)) return { construct: text.slice(0, -name.length), name };
  return null;
};

/**
 * Finds a pipeline's outputs among those of its stack.
 * @throws {UserFacingError} where there is no pipeline, or more than one and the place does not say which.
 */
export const pipelineOutputs = (
  given: readonly StackOutput[],
  { stackName, construct }: Place,
): PipelineOutputs => {
  const pipelines = new Map<string, Map<OutputName, string>>();
  for (const { OutputKey = '', OutputValue = '' } of given) {
    const parts = partsOf(OutputKey);
    if (parts === null) continue;
    const outputs = pipelines.get(parts.construct) ?? new Map<OutputName, string>();
    pipelines.set(parts.construct, outputs.set(parts.name, OutputValue));
  }
  // Another construct's output may have such a name too, but has not the function and its mapping.
  const found = [...pipelines].filter(
    ([, outputs]) => outputs.has('FunctionName') && outputs.has('MappingId'),
  );
  const wanted = construct?.replaceAll(/[^A-Za-z0-9]/g, '');
  const meant = wanted === undefined ? found : found.filter(([path]) => path === wanted);
  const [only, second] = meant;
  if (only !== undefined && second === undefined) return only[1];
  const paths = found.map(([path]) => path).filter((path) => path !== '');
  throw new UserFacingError(
    found.length === 0
      ? `The stack ${stackName} has no outputs of a pipeline: deploy it by this version, and with \`outputs\` (they are on unless switched off).`
      : `The stack ${stackName} has ${found.length === 1 ? 'the pipeline' : 'several pipelines:'} ${paths.join(', ')}. Name the one that is meant by --stack ${stackName}/<construct>.`,
  );
};

/** Gives an output. @throws {UserFacingError} where the stack was deployed by a version that had none of the name. */
export const outputOf = (outputs: PipelineOutputs, name: OutputName, stackName: string): string => {
  const value = outputs.get(name);
  if (value !== undefined) return value;
  throw new UserFacingError(
    `The stack ${stackName} has no output ${name}: deploy it by this version first.`,
  );
};
