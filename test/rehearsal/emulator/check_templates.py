"""Checks templates without deploying them: each resource's properties against CloudFormation's schemas, and the calls that would
create it against the request shapes of AWS's APIs.

    python check_templates.py TEMPLATE...

Exits with code 1 if there is a fault, and names the first template of each fault.
"""

import collections
import json
import sys

import schemas
import shapes
from errors import Failed
from lambda_service import LONGEST_ENVIRONMENT, measured
from resources import type_of
from services import ACCOUNT, REGION, arn
from stacks import Made
from template import Resolver, order, parse

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: all inline policies of a role, without white space.
LONGEST_POLICIES = 10_240

UUID = '00000000-0000-4000-8000-000000000000'
HEX = 'a-number-of-its-own'
VPC = {'VpcId': f'vpc-{HEX}'}

ANSWERS = {
    'CreateRole': {'Role': {'Arn': f'arn:aws:iam::{ACCOUNT}:role/role', 'RoleId': 'AROA0123456789EXAMPLE'}},
    'CreateKey': {'KeyMetadata': {'KeyId': UUID, 'Arn': arn('kms', f'key/{UUID}')}},
    'CreateQueue': {'QueueUrl': f'https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/queue'},
    'CreateFunction': {'FunctionArn': arn('lambda', 'function:function')},
    'PublishVersion': {'FunctionArn': arn('lambda', 'function:function'), 'Version': '1'},
    'CreateEventSourceMapping': {'UUID': UUID, 'EventSourceMappingArn': arn('lambda', f'event-source-mapping:{UUID}')},
    'CreateCluster': {'ClusterArn': arn('kafka', f'cluster/cluster/{UUID}-1')},
    'CreateVpc': {'Vpc': VPC},
    'DescribeSecurityGroups': {'SecurityGroups': [{'GroupId': f'sg-{HEX}'}]},
    'CreateSecurityGroup': {'GroupId': f'sg-{HEX}'},
    'CreateSubnet': {'Subnet': {'SubnetId': f'subnet-{HEX}'}},
    'CreateRouteTable': {'RouteTable': {'RouteTableId': f'rtb-{HEX}'}},
    'AssociateRouteTable': {'AssociationId': f'rtbassoc-{HEX}'},
    'CreateVpcEndpoint': {'VpcEndpoint': {'VpcEndpointId': f'vpce-{HEX}'}},
    'DescribeVpcEndpoints': {'VpcEndpoints': []},
}


class Pretended:
    """AWS's APIs as the resource types call them (services.Aws). No API is there: calls are only checked and counted."""

    region = REGION
    arn = staticmethod(arn)
    members = staticmethod(shapes.members_of)

    def __init__(self):
        self.faults, self.calls = [], 0

    def call(self, service, operation, **parameters):
        self.calls += 1
        self.faults += shapes.faults(service, operation, parameters)
        # Two resources of one kind get different ids.
        return json.loads(json.dumps(ANSWERS.get(operation, {})).replace(HEX, f'{self.calls:017x}'))


class AnyAttributes(dict):
    """The answer of a custom resource, which has every attribute."""

    def __contains__(self, _):
        return True

    def __missing__(self, name):
        return f'b-1.example.kafka.{REGION}.amazonaws.com:9098'


PSEUDO = {
    'AWS::Region': REGION,
    'AWS::AccountId': ACCOUNT,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': 'stack',
    'AWS::StackId': arn('cloudformation', f'stack/stack/{UUID}'),
    'AWS::NoValue': None,
}


def check(template):
    """Returns (faults, calls): a sentence for each fault of a template, and the number of checked calls."""
    made, aws, found = {}, Pretended(), []
    parameters = {name: one.get('Default') for name, one in template.get('Parameters', {}).items()}
    resolver = Resolver(template, made, PSEUDO, parameters)
    for logical in order(template):
        resource = template['Resources'][logical]
        kind = resource['Type']
        aws.faults = []
        try:
            properties = resolver.resolve(resource.get('Properties', {}))
            physical, attributes = _make(aws, logical, kind, properties)
            aws.faults += schemas.faults(kind, properties) + _over(kind, properties)
        except (Failed, KeyError, TypeError) as error:
            physical, attributes, properties = logical, AnyAttributes(), {}
            aws.faults.append(f'{type(error).__name__}: {error}')
        made[logical] = Made(kind, physical, attributes, properties, '', '')
        found += [f'{logical}: {fault}' for fault in aws.faults]
    for name, output in template.get('Outputs', {}).items():
        try:
            resolver.resolve(output['Value'])
        except (Failed, KeyError) as error:
            found.append(f'output {name}: {error}')
    return found + _policies(made), aws.calls


def _make(aws, logical, kind, properties):
    if kind.startswith('Custom::'):
        return logical, AnyAttributes()
    handlers = type_of(kind)
    return handlers.make(aws, handlers.name('stack', logical), properties)


def _over(kind, properties):
    if kind != 'AWS::Lambda::Function':
        return []
    variables = properties.get('Environment', {}).get('Variables', {})
    size = len(measured(variables).encode())
    return [f'variables of {size} bytes, of at most {LONGEST_ENVIRONMENT}'] if size > LONGEST_ENVIRONMENT else []


def _policies(made):
    sizes = collections.Counter()
    for one in made.values():
        if one.kind == 'AWS::IAM::Policy':
            for role in one.properties.get('Roles', []):
                sizes[role] += len(''.join(json.dumps(one.properties['PolicyDocument']).split()))
    over = ((role, size) for role, size in sizes.items() if size > LONGEST_POLICIES)
    return [f'{role}: policies of {size} letters, of at most {LONGEST_POLICIES}' for role, size in over]


def main(files):
    where, calls = collections.defaultdict(list), 0
    for file in files:
        with open(file) as opened:
            found, checked = check(parse(opened.read()))
        calls += checked
        for fault in found:
            where[fault].append(file)
    for fault, places in sorted(where.items()):
        print(f'{fault} ({len(places)} templates, the first {places[0]})')
    print(f'{len(files)} templates, {calls} calls, {len(where)} faults')
    return 1 if where or not files else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
