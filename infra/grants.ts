import { Stack, Validations } from 'aws-cdk-lib';
import { type Conditions, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** Makes a function that adds statements to a role's policy, one resource at a time, under the given conditions. */
export const allowing =
  (role: Role) =>
  (actions: string[], resource: string, conditions: Conditions = {}): void => {
    role.addToPrincipalPolicy(new PolicyStatement({ actions, resources: [resource], conditions }));
  };

/** Lets a role read a secret, and decrypt it if its key is not AWS's own. */
export const grantSecret = (
  role: Role,
  {
    secretArn,
    secretKeyArn,
  }: { readonly secretArn: string; readonly secretKeyArn?: string | undefined },
): void => {
  const allow = allowing(role);
  allow(['secretsmanager:GetSecretValue'], secretArn);
  if (secretKeyArn !== undefined) allow(['kms:Decrypt'], secretKeyArn);
};

/** The actions of AWS's managed policies: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html */
const onInterfaces = {
  /** AWSLambdaMSKExecutionRole */
  'the mapping': [
    'ec2:CreateNetworkInterface',
    'ec2:DeleteNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSecurityGroups',
    'ec2:DescribeSubnets',
    'ec2:DescribeVpcs',
  ],
  /** AWSLambdaVPCAccessExecutionRole */
  'the function': [
    'ec2:AssignPrivateIpAddresses',
    'ec2:CreateNetworkInterface',
    'ec2:DeleteNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:UnassignPrivateIpAddresses',
  ],
};

/**
 * Lets Lambda create network interfaces in a VPC, for an event source mapping or for the function. The Describe actions
 * accept no narrower resource. The other actions concern interfaces that do not exist yet; AWS's own policies have `*` too.
 */
export const grantNetworkInterfaces = (role: Role, whose: keyof typeof onInterfaces): void => {
  allowing(role)([...onInterfaces[whose]], '*');
  acknowledge(
    role,
    '*',
    'Lambda makes its network interfaces with this role: the Describe actions know no resources, and those of the ' +
      'interfaces are not known before they are made.',
  );
};

/** Tells cdk-nag why a policy of the role has a resource with a wildcard. */
export const acknowledge = (role: Role, resource: string, reason: string): void => {
  const finding = `Resource::${flat(Stack.of(role).resolve(resource))}`;
  Validations.of(role).acknowledge({ id: `AwsSolutions-IAM5[${finding}]`, reason });
};

/** Renders a resolved value as cdk-nag names it. */
const flat = (value: unknown): string => {
  if (typeof value === 'string') return value;
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = Object(value);
  if (attribute !== undefined) return `<${attribute.join('.')}>`;
  if (join !== undefined) return join[1].map(flat).join(join[0]);
  return `<${Ref}>`;
};

/** Makes the ARN of a resource in the stack's account and region. */
export const ownArn = (scope: Construct, service: string, resource: string): string => {
  const { partition, region, account } = Stack.of(scope);
  return `arn:${partition}:${service}:${region}:${account}:${resource}`;
};
