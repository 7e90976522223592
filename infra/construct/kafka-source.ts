import type { ISecurityGroup, ISubnet } from 'aws-cdk-lib/aws-ec2';
import type { KafkaCluster } from '../config/source.ts';
import { type SecretOrArn, withAuthority } from './given.ts';
import type { KafkaAuth } from './kafka-auth.ts';

/** An MSK cluster: a construct with its ARN, such as that of `@aws-cdk/aws-msk-alpha`; a `CfnCluster`; or the ARN itself. */
export type MskCluster = { readonly clusterArn: string } | { readonly attrArn: string } | string;

export interface MskSourceProps {
  /** The login at the brokers. */
  readonly auth: KafkaAuth<'iam' | 'scram-512' | 'mtls' | 'none'>;
  /**
   * The ARN of the stack's own managed VPC connection, for a cluster of another account.
   * @default the cluster is of the stack's account
   */
  readonly vpcConnectionArn?: string | undefined;
}

export interface SelfManagedSourceProps {
  /** The brokers that are asked first, 1 to 10, each `host:port`. */
  readonly bootstrapServers: readonly string[];
  /** The login at the brokers. Without one, `vpc` must be given. */
  readonly auth: KafkaAuth<'scram-512' | 'scram-256' | 'plain' | 'mtls' | 'none'>;
  /**
   * The subnets from which the brokers are reached, and the security groups that the brokers let in.
   * @default the brokers are on the internet
   */
  readonly vpc?:
    | {
        readonly subnets: readonly (ISubnet | string)[];
        readonly securityGroups: readonly (ISecurityGroup | string)[];
      }
    | undefined;
  /**
   * The secret `{"certificate":…}` of the authority that signed the brokers' certificates. It has the login's key, if any.
   * @default a public authority has signed them
   */
  readonly ca?: SecretOrArn | undefined;
}

/** Where the topic is. */
export class KafkaSource {
  /** The source's settings in a stage. */
  readonly settings: Readonly<Record<string, unknown>>;

  private constructor(settings: object) {
    this.settings = { ...settings };
  }

  /** Names a provisioned cluster of Amazon MSK. */
  static msk(cluster: MskCluster, { auth, vpcConnectionArn }: MskSourceProps): KafkaSource {
    return new KafkaSource({
      kind: 'msk',
      clusterArn: arnOf(cluster),
      // MSK knows one SCRAM.
      auth: auth.kind === 'scram-512' ? 'scram' : auth.kind,
      ...auth.settings,
      ...(vpcConnectionArn === undefined ? {} : { vpcConnectionArn }),
    });
  }

  /** Names a cluster of Amazon MSK Serverless. The function's role logs in. */
  static mskServerless(cluster: MskCluster): KafkaSource {
    return new KafkaSource({ kind: 'msk-serverless', auth: 'iam', clusterArn: arnOf(cluster) });
  }

  /**
   * Names any other Kafka.
   * @throws {Error} if the secrets of `auth` and `ca` have two keys.
   */
  static selfManaged({ bootstrapServers, auth, vpc, ca }: SelfManagedSourceProps): KafkaSource {
    return new KafkaSource({
      kind: 'self-managed',
      bootstrapServers: [...bootstrapServers],
      auth: auth.kind,
      ...withAuthority(auth.settings, ca),
      ...(vpc === undefined
        ? {}
        : {
            vpc: {
              subnetIds: vpc.subnets.map((one) => (typeof one === 'string' ? one : one.subnetId)),
              securityGroupIds: vpc.securityGroups.map((one) =>
                typeof one === 'string' ? one : one.securityGroupId,
              ),
            },
          }),
    });
  }

  /** Takes the source of a stage as it was read. @internal */
  static fromSettings(settings: KafkaCluster): KafkaSource {
    return new KafkaSource(settings);
  }
}

const arnOf = (cluster: MskCluster): string => {
  if (typeof cluster === 'string') return cluster;
  return 'clusterArn' in cluster ? cluster.clusterArn : cluster.attrArn;
};
