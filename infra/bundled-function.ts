import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  Architecture,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { functionCode } from '#function-code';
import { environmentBytes, mostEnvironmentBytes } from './environment-size.ts';
import { acknowledge, grantNetworkInterfaces } from './grants.ts';
import type { Network } from './network.ts';
import { processEnvironment } from './node-environment.ts';

export interface BundledFunctionProps {
  /** The folder of `functions/` with the function's `handler.ts`. */
  readonly folder: string;
  readonly description: string;
  /** The function's memory, in MB. */
  readonly memory: number;
  readonly timeout: Duration;
  readonly environment: Readonly<Record<string, string>>;
  readonly logRetentionDays: number;
  readonly reservedConcurrency?: number | undefined;
  readonly tracing?: boolean;
  /** The VPC placement; without it the function runs outside any VPC. */
  readonly network?: Pick<Network, 'placement'> | undefined;
  /** The key that encrypts log and variables; AWS's own keys without it. */
  readonly key?: IKey | undefined;
}

/** A function of this project, with its log and a role that may only write that log. */
export class BundledFunction extends Construct {
  readonly function: LambdaFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: BundledFunctionProps) {
    super(scope, id);
    const { network, key } = props;
    const environment = processEnvironment(props.environment);
    const bytes = environmentBytes(environment);
    if (bytes > mostEnvironmentBytes)
      throw new Error(
        `the variables of the function in functions/${props.folder} are ${bytes} bytes as JSON: Lambda takes ${mostEnvironmentBytes.toLocaleString('en')}`,
      );
    const logGroup = new LogGroup(this, 'Log', {
      retention: props.logRetentionDays as RetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
      ...(key === undefined ? {} : { encryptionKey: key }),
    });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    // AWS's managed policy would allow writing every log of the account.
    logGroup.grantWrite(this.role);
    if (network !== undefined) grantNetworkInterfaces(this.role, 'the function');
    this.function = new LambdaFunction(this, 'Function', {
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      ...functionCode(props.folder),
      memorySize: props.memory,
      timeout: props.timeout,
      environment,
      role: this.role,
      loggingFormat: LoggingFormat.JSON,
      logGroup,
      tracing: props.tracing ? Tracing.ACTIVE : Tracing.DISABLED,
      ...(props.reservedConcurrency === undefined
        ? {}
        : { reservedConcurrentExecutions: props.reservedConcurrency }),
      ...(key === undefined ? {} : { environmentEncryption: key }),
      ...network?.placement,
    });
    if (props.tracing)
      acknowledge(this.role, '*', 'X-Ray knows no resources: xray:Put… takes only *.');
  }
}
