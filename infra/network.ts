import { Annotations, Tags } from 'aws-cdk-lib';
import {
  type IInterfaceVpcEndpoint,
  InterfaceVpcEndpoint,
  type InterfaceVpcEndpointAwsService,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
  InterfaceVpcEndpointAwsService as Service,
  Subnet,
  type SubnetSelection,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import type { Network as NetworkSettings } from './config/network.ts';
import { registryEnvironment } from './config/registry-environment.ts';
import type { Sink } from './config/sink.ts';
import type { DeployConfig } from './config/stage.ts';

const cqlPort = { keyspaces: 9142, cassandra: 9042 };
const httpsPort = 443;
const httpPort = 80;

/** The port of the registry that the function itself asks for schemas; null if it asks none. */
const portOfRegistry = ({
  SCHEMA_REGISTRY,
  SCHEMA_REGISTRY_URL = '',
}: DeployConfig['environment']): number | null => {
  if (SCHEMA_REGISTRY === 'glue') return httpsPort;
  if (SCHEMA_REGISTRY !== 'confluent') return null;
  const { protocol, port } = new URL(SCHEMA_REGISTRY_URL);
  return Number(port) || (protocol === 'http:' ? httpPort : httpsPort);
};

/** The functions' VPC, with a security group that is open only to the database, the registry and the secret. */
export class Network extends Construct {
  /** The properties by which a function is placed in the VPC. */
  readonly placement: {
    readonly vpc: IVpc;
    readonly vpcSubnets: SubnetSelection;
    readonly securityGroups: SecurityGroup[];
  };
  readonly #group: SecurityGroup;

  constructor(
    scope: Construct,
    id: string,
    network: NetworkSettings,
    config: Pick<DeployConfig, 'sink' | 'environment' | 'schemaRegistry'>,
  ) {
    super(scope, id);
    const { sink } = config;
    const environment = registryEnvironment(config);
    const vpc = Vpc.fromVpcAttributes(this, 'Vpc', {
      vpcId: network.vpcId,
      availabilityZones: [...network.availabilityZones],
    });
    const subnets = network.subnetIds.map((subnetId, index) => {
      const subnet = Subnet.fromSubnetAttributes(this, `Subnet${index}`, {
        subnetId,
        availabilityZone: network.availabilityZones[index] ?? '',
      });
      // CDK routes nothing in these imported subnets.
      Annotations.of(subnet).acknowledgeWarning('@aws-cdk/aws-ec2:noSubnetRouteTableId');
      return subnet;
    });
    this.#group = new SecurityGroup(this, 'Function', {
      vpc,
      description: 'The functions that write user events',
      allowAllOutbound: false,
    });
    const further = (network.securityGroupIds ?? []).map((one) =>
      SecurityGroup.fromSecurityGroupId(this, one, one),
    );
    this.placement = {
      vpc,
      vpcSubnets: { subnets },
      securityGroups: [this.#group, ...(further as SecurityGroup[])],
    };
    this.#openDatabase(network, sink);
    const registryPort = portOfRegistry(environment);
    if (registryPort !== null) this.#open('The schema registry', registryPort, null);
    if (sink.login !== undefined || environment.SCHEMA_REGISTRY_SECRET_ARN)
      this.#open(
        'Secrets Manager',
        httpsPort,
        network.endpoints.secretsManager ? Service.SECRETS_MANAGER : null,
      );
  }

  #openDatabase({ database, endpoints }: NetworkSettings, sink: Sink): void {
    if (sink.kind === 'keyspaces') {
      this.#open('Keyspaces', cqlPort.keyspaces, endpoints.keyspaces ? Service.KEYSPACES : null);
      return;
    }
    const ports = new Set(
      sink.contactPoints.map((point) => Number(point.split(':')[1] ?? cqlPort.cassandra)),
    );
    for (const port of ports) {
      const { securityGroupId, cidr } = database;
      if (securityGroupId !== undefined)
        this.#group.connections.allowTo(
          SecurityGroup.fromSecurityGroupId(this, `Database${port}`, securityGroupId),
          Port.tcp(port),
          'CQL of the user events functions',
        );
      else if (cidr !== undefined)
        this.#group.addEgressRule(Peer.ipv4(cidr), Port.tcp(port), 'CQL');
    }
  }

  /** Opens the group to an AWS service: by an endpoint if the stage asks for one, else to anywhere, which needs a NAT gateway. */
  #open(
    name: string,
    port: number,
    service: InterfaceVpcEndpointAwsService | null,
  ): IInterfaceVpcEndpoint | null {
    if (service === null) {
      this.#group.addEgressRule(Peer.anyIpv4(), Port.tcp(port), name);
      return null;
    }
    const id = `${name.replaceAll(' ', '')}Endpoint`;
    const { vpc, vpcSubnets } = this.placement;
    const group = new SecurityGroup(this, `${id}Group`, {
      vpc,
      description: `The endpoint of ${name}`,
      allowAllOutbound: false,
    });
    const endpoint = new InterfaceVpcEndpoint(this, id, {
      vpc,
      service,
      subnets: vpcSubnets,
      open: false,
      securityGroups: [group],
    });
    Tags.of(endpoint).add('Name', `${name} of user events`);
    group.connections.allowFrom(this.#group, Port.tcp(port), name);
    return endpoint;
  }
}
