import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Provider } from 'aws-cdk-lib/custom-resources';
import type { Construct } from 'constructs';
import type { BundledFunction } from './bundled-function.ts';
import { acknowledge } from './grants.ts';

/**
 * Creates CDK's provider framework for a function behind a custom resource, with a log and a role of its own. It answers
 * CloudFormation even if the function dies: without an answer a deploy hangs for an hour.
 */
export const resourceProvider = (
  scope: Construct,
  target: BundledFunction,
  { logRetentionDays, key }: { readonly logRetentionDays: number; readonly key: IKey | undefined },
): Provider => {
  const logGroup = new LogGroup(scope, 'ProviderLog', {
    retention: logRetentionDays as RetentionDays,
    removalPolicy: RemovalPolicy.DESTROY,
    ...(key === undefined ? {} : { encryptionKey: key }),
  });
  const role = new Role(scope, 'ProviderRole', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
  });
  logGroup.grantWrite(role);
  const provider = new Provider(scope, 'Provider', {
    onEventHandler: target.function,
    frameworkOnEventRole: role,
    logGroup,
  });
  acknowledge(
    role,
    `${target.function.functionArn}:*`,
    'CDK’s framework invokes one function, in any version.',
  );
  Validations.of(provider).acknowledge({
    id: 'AwsSolutions-L1',
    reason: 'CDK’s framework chooses its own runtime.',
  });
  return provider;
};
