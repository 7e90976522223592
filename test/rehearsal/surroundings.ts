import { setTimeout as delay } from 'node:timers/promises';
import type { Emulator, StackState } from './emulator.ts';
import { named, type Stage } from './stages.ts';

/**
 * Creates a stack from a template by CloudFormation's API, without the command line.
 * @throws if the stack does not become CREATE_COMPLETE, with the reasons.
 */
export const createStack = async (
  { cloudFormation, state }: Emulator,
  name: string,
  template: object,
  signal: AbortSignal,
): Promise<StackState> => {
  const named = { StackName: name, ChangeSetName: 'first' };
  const body = { TemplateBody: JSON.stringify(template), ChangeSetType: 'CREATE' };
  await cloudFormation({ Action: 'CreateChangeSet', ...named, ...body });
  await cloudFormation({ Action: 'ExecuteChangeSet', ...named });
  for (;;) {
    const stack = (await state()).stacks[name];
    if (stack?.status === 'CREATE_COMPLETE') return stack;
    if (stack === undefined || /ROLLBACK_COMPLETE|FAILED/.test(stack.status)) {
      const reasons = stack?.events
        .filter(({ ResourceStatus }) => ResourceStatus.endsWith('_FAILED'))
        .map((event) => `${event.LogicalResourceId}: ${event.ResourceStatusReason}`);
      throw new Error(`Stack ${name} is not created: ${reasons?.join('; ')}`);
    }
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
