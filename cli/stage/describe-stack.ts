import {
  CloudFormationClient,
  type Stack as DescribedStack,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import type { Stack } from '../target/stack.ts';
import { UserFacingError } from '../terminal/user-facing-error.ts';
import { askAws } from './ask-aws.ts';
import { callerIdentity } from './caller.ts';
import type { Place } from './place-of.ts';
import { outputOf, type PipelineOutputs, pipelineOutputs } from './stack-outputs.ts';

/**
 * Reads the names of a pipeline's resources from the outputs of its stack.
 * @throws {UserFacingError} where it is not deployed, or cannot be read.
 */
export const describeStack = async (place: Place): Promise<Stack> => {
  const { stackName, region: given } = place;
  const client = new CloudFormationClient(given === undefined ? {} : { region: given });
  try {
    const [region, described] = await askAws(
      {
        what: `the stack ${stackName}`,
        action: 'cloudformation:DescribeStacks',
        missing: async () => notDeployed(place, await client.config.region()),
      },
      async () => {
        const { Stacks: [found] = [] } = await client.send(
          new DescribeStacksCommand({ StackName: stackName }),
        );
        return [await client.config.region(), found] as const;
      },
    );
    if (described === undefined) throw new UserFacingError(await notDeployed(place, region));
    return stackOf(place, region, described);
  } finally {
    client.destroy();
  }
};

const stackOf = (
  place: Place,
  region: string,
  { Outputs = [], StackStatus }: DescribedStack,
): Stack => {
  const { stackName } = place;
  // Such a stack is the rest of a first deploy that failed, or of a deletion.
  if (/^(ROLLBACK|CREATE_FAILED|DELETE|REVIEW)/.test(StackStatus ?? ''))
    throw new UserFacingError(
      `The stack ${stackName} is ${StackStatus}: no pipeline is deployed in it. Deploy it first.`,
    );
  const outputs = pipelineOutputs(Outputs, place);
  const output = (name: Parameters<typeof outputOf>[1]): string =>
    outputOf(outputs, name, stackName);
  return {
    name: stackName,
    region,
    functionName: output('FunctionName'),
    logGroupName: output('LogGroupName'),
    mappingId: output('MappingId'),
    onFailure: outputs.get('OnFailureDestination') ?? null,
    version: output('Version'),
    operate: operateOf(outputs),
  };
};

const operateOf = (outputs: PipelineOutputs): Stack['operate'] => {
  const functionName = outputs.get('OperateFunctionName');
  const bucketName = outputs.get('OperateBucketName');
  return functionName === undefined || bucketName === undefined
    ? null
    : { functionName, bucketName };
};

/** Says where a stack was looked for, for it may be in another account or region. */
const notDeployed = async (
  { name, stackName, account: expected }: Place,
  region: string,
): Promise<string> => {
  const { account } = await callerIdentity(region);
  const another =
    expected === undefined || expected === account
      ? ''
      : ` The stage is of account ${expected}: use credentials of that account.`;
  const looked = `There is no stack ${stackName} in account ${account}, region ${region}`;
  return `${looked}: ${name} is not deployed there.${another}`;
};
