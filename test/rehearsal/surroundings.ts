import { setTimeout as delay } from 'node:timers/promises';
import type { Emulator, StackState } from './emulator.ts';
import type { Place } from './stages.ts';

/**
 * Brings a stack of a template into being by CloudFormation's API, without the command line.
 * @throws where it is not CREATE_COMPLETE in the end; with the reasons.
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

/** What stages name that must be there already: a VPC with two subnets, and the group of the database's nodes. */
export const makePlace = async (emulator: Emulator, signal: AbortSignal): Promise<Place> => {
  const template = {
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
  const { resources } = await createStack(emulator, 'surroundings', template, signal);
  const id = (logical: string): string => resources[logical]?.id ?? '';
  return {
    vpcId: id('Vpc'),
    subnetIds: [id('SubnetA'), id('SubnetB')],
    securityGroupId: id('Nodes'),
  };
};
