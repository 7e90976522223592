import { Tags } from 'aws-cdk-lib';
import {
  type IInterfaceVpcEndpoint,
  InterfaceVpcEndpoint,
  type InterfaceVpcEndpointAwsService,
  type ISecurityGroup,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
  InterfaceVpcEndpointAwsService as Service,
  type SubnetSelection,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import type { Openings } from './config/network.ts';
import type { PipelineSettings } from './config/pipeline.ts';
import { registryEnvironment } from './config/registry-environment.ts';
import type { Sink } from './config/sink.ts';

const cqlPort = { keyspaces: 9142, cassandra: 9042 };
const httpsPort = 443;
const httpPort = 80;

/** The port of the registry that the function itself asks for schemas; null if it asks none. */
const portOfRegistry = ({
  SCHEMA_REGISTRY,
  SCHEMA_REGISTRY_URL = '',
}: PipelineSettings['environment']): number | null => {
  if (SCHEMA_REGISTRY === 'glue') return httpsPort;
  if (SCHEMA_REGISTRY !== 'confluent') return null;
  const { protocol, port } = new URL(SCHEMA_REGISTRY_URL);
  return Number(port) || (protocol === 'http:' ? httpPort : httpsPort);
};

/** Where the functions run. */
export interface Place {
  readonly vpc: IVpc;
  /** The subnets; the VPC's private ones without them. */
  readonly subnets?: SubnetSelection | undefined;
  /** Groups of the functions besides their own. */
  readonly securityGroups?: readonly ISecurityGroup[] | undefined;
}

/** The functions' VPC, with a security group that is open only to the database, the registry and the secret. */
export class Network extends Construct {
  /** The properties by which a function is placed in the VPC. */
  readonly placement: {
    readonly vpc: IVpc;
    readonly vpcSubnets?: SubnetSelection;
    readonly securityGroups: ISecurityGroup[];
  };
  /** The functions' own security group. */
  readonly group: SecurityGroup;

  constructor(
    scope: Construct,
    id: string,
    place: Place,
    network: Openings,
    config: Pick<PipelineSettings, 'sink' | 'environment' | 'schemaRegistry'>,
  ) {
    super(scope, id);
    const { sink } = config;
    const environment = registryEnvironment(config);
    const { vpc, subnets, securityGroups = [] } = place;
    this.group = new SecurityGroup(this, 'Function', {
      vpc,
      description: 'The functions that write user events',
      allowAllOutbound: false,
    });
    this.placement = {
      vpc,
      ...(subnets === undefined ? {} : { vpcSubnets: subnets }),
      securityGroups: [this.group, ...securityGroups],
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

  #openDatabase({ database, endpoints }: Openings, sink: Sink): void {
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
        this.group.connections.allowTo(
          SecurityGroup.fromSecurityGroupId(this, `Database${port}`, securityGroupId),
          Port.tcp(port),
          'CQL of the user events functions',
        );
      else if (cidr !== undefined) this.group.addEgressRule(Peer.ipv4(cidr), Port.tcp(port), 'CQL');
    }
  }

  /** Opens the group to an AWS service: by an endpoint if the stage asks for one, else to anywhere, which needs a NAT gateway. */
  #open(
    name: string,
    port: number,
    service: InterfaceVpcEndpointAwsService | null,
  ): IInterfaceVpcEndpoint | null {
    if (service === null) {
      this.group.addEgressRule(Peer.anyIpv4(), Port.tcp(port), name);
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
      ...(vpcSubnets === undefined ? {} : { subnets: vpcSubnets }),
      open: false,
      securityGroups: [group],
    });
    Tags.of(endpoint).add('Name', `${name} of user events`);
    group.connections.allowFrom(this.group, Port.tcp(port), name);
    return endpoint;
  }
}
