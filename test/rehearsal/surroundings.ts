import { setTimeout as delay } from 'node:timers/promises';
import type { Emulator, StackState } from './emulator.ts';
import { named, type Stage } from './stages.ts';

/**
 * Creates a stack from a template by CloudFormation's API, without the command line.
 * @throws if the stack does not become CREATE_COMPLETE, with the reasons.
 */
export const createStack = async (
  emulator: Emulator,
  name: string,
  template: object,
  signal: AbortSignal,
): Promise<StackState> => {
  const named = { StackName: name, ChangeSetName: 'first' };
  const body = { TemplateBody: JSON.stringify(template), ChangeSetType: 'CREATE' };
  await emulator.cloudFormation({ Action: 'CreateChangeSet', ...named, ...body });
  await emulator.cloudFormation({ Action: 'ExecuteChangeSet', ...named });
  const stack = await endOf(emulator, name, signal);
  if (stack.status === 'CREATE_COMPLETE') return stack;
  const reasons = stack.events
    .filter(({ ResourceStatus }) => ResourceStatus.endsWith('_FAILED'))
    .map((event) => `${event.LogicalResourceId}: ${event.ResourceStatusReason}`);
  throw new Error(`Stack ${name} is not created: ${reasons.join('; ')}`);
};

/** Runs `continue-update-rollback` with resources to skip. @returns the stack when its rollback has ended. */
export const continueRollback = async (
  emulator: Emulator,
  name: string,
  skipped: string,
  signal: AbortSignal,
): Promise<StackState> => {
  const parameters = { StackName: name, 'ResourcesToSkip.member.1': skipped };
  await emulator.cloudFormation({ Action: 'ContinueUpdateRollback', ...parameters });
  return endOf(emulator, name, signal);
};

/** Waits until CloudFormation has stopped working on a stack. */
const endOf = async (
  { state }: Emulator,
  name: string,
  signal: AbortSignal,
): Promise<StackState> => {
  for (;;) {
    const stack = (await state()).stacks[name];
    if (stack === undefined) throw new Error(`There is no stack ${name}`);
    if (!stack.status.endsWith('_IN_PROGRESS')) return stack;
    await delay(100, undefined, { signal });
  }
};

const subnet = (index: number) => ({
  Type: 'AWS::EC2::Subnet',
  Properties: {
    VpcId: { Ref: 'Vpc' },
    CidrBlock: `10.1.${index}.0/24`,
    AvailabilityZone: `eu-west-1${'ab'[index]}`,
  },
});

const surroundings = {
  Resources: {
    Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.1.0.0/16' } },
    SubnetA: subnet(0),
    SubnetB: subnet(1),
    Nodes: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: { GroupDescription: 'The nodes of Cassandra', VpcId: { Ref: 'Vpc' } },
    },
  },
};

/** Creates a VPC, and puts it into a stage that names one that does not exist. */
export const inAVpc = async (
  emulator: Emulator,
  stage: Stage,
  signal: AbortSignal,
): Promise<Stage> => {
  const name = `surroundings-of-${stage.stackName}`;
  const { resources } = await createStack(emulator, name, surroundings, signal);
  const there: Readonly<Record<string, string | undefined>> = {
    [named.vpcId]: resources['Vpc']?.id,
    [named.subnetIds[0]]: resources['SubnetA']?.id,
    [named.subnetIds[1]]: resources['SubnetB']?.id,
    [named.securityGroupId]: resources['Nodes']?.id,
  };
  const place = (_: string, value: unknown) =>
    typeof value === 'string' ? (there[value] ?? value) : value;
  return JSON.parse(JSON.stringify(stage), place);
};
