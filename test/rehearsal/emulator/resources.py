"""The resource types of the project's templates, with the calls of AWS's APIs that create, change and delete each.

The calls go to `aws` (services.py). The properties of a resource have no intrinsic functions any more (template.py).
"""

import io
import json
import uuid
import zipfile

from errors import Failed

TYPES = {}


def resource(kind, longest=64):
    """Registers a class as a resource type. CloudFormation's names of its resources have at most `longest` letters."""

    def register(cls):
        one = cls()
        one.kind, one.longest = kind, longest
        TYPES[kind] = one
        return cls

    return register


def type_of(kind):
    """Gives the handlers of a type. Raises Failed if the rehearsal does not know the type."""
    if kind not in TYPES:
        raise Failed(f'the rehearsal knows no {kind}: add it to test/rehearsal/emulator/resources.py')
    return TYPES[kind]


class Resource:
    """The handlers that create, change and delete resources of a type. By default a change and a deletion do nothing."""

    kind = ''
    longest = 64

    def name(self, stack_name, logical):
        """Makes a name as CloudFormation does."""
        return f'{stack_name}-{logical}'[: self.longest - 13] + '-' + uuid.uuid4().hex[:12].upper()

    def make(self, aws, name, p):
        """Creates a resource under the name, unless its properties have one. Returns its physical id and its attributes."""
        raise NotImplementedError

    def change(self, aws, made, old, new):
        """Changes a resource in place, from the properties `old` to `new`; `made` has `physical` and `attributes`."""

    def delete(self, aws, made, p):
        """Deletes a resource."""


def _without(p, *names):
    return {key: value for key, value in p.items() if key not in names}


def _only(p, *names):
    return {key: value for key, value in p.items() if key in names}


# ---- permissions -------------------------------------------------------------------------------


@resource('AWS::IAM::Role')
class Role(Resource):
    def make(self, aws, name, p):
        name = p.get('RoleName', name)
        answer = aws.call(
            'iam',
            'CreateRole',
            RoleName=name,
            AssumeRolePolicyDocument=json.dumps(p['AssumeRolePolicyDocument']),
            **_only(p, 'Description', 'PermissionsBoundary', 'Path'),
        )
        self._put(aws, name, p)
        return name, {'Arn': answer['Role']['Arn'], 'RoleId': answer['Role']['RoleId']}

    def change(self, aws, made, old, new):
        self._put(aws, made.physical, new)

    def _put(self, aws, name, p):
        for policy in p.get('Policies', []):
            document = json.dumps(policy['PolicyDocument'])
            aws.call('iam', 'PutRolePolicy', RoleName=name, PolicyName=policy['PolicyName'], PolicyDocument=document)

    def delete(self, aws, made, p):
        for policy in aws.call('iam', 'ListRolePolicies', RoleName=made.physical)['PolicyNames']:
            aws.call('iam', 'DeleteRolePolicy', RoleName=made.physical, PolicyName=policy)
        aws.call('iam', 'DeleteRole', RoleName=made.physical)


@resource('AWS::IAM::Policy')
class Policy(Resource):
    def make(self, aws, name, p):
        self.change(aws, None, p, p)
        return name, {}

    def change(self, aws, made, old, new):
        document = json.dumps(new['PolicyDocument'])
        for role in new['Roles']:
            aws.call('iam', 'PutRolePolicy', RoleName=role, PolicyName=new['PolicyName'], PolicyDocument=document)

    def delete(self, aws, made, p):
        for role in p['Roles']:
            aws.call('iam', 'DeleteRolePolicy', RoleName=role, PolicyName=p['PolicyName'])


@resource('AWS::KMS::Key')
class Key(Resource):
    def make(self, aws, name, p):
        policy = json.dumps(p['KeyPolicy'])
        key = aws.call('kms', 'CreateKey', Policy=policy, Description=p.get('Description', ''))['KeyMetadata']
        return key['KeyId'], {'Arn': key['Arn'], 'KeyId': key['KeyId']}

    def delete(self, aws, made, p):
        aws.call('kms', 'ScheduleKeyDeletion', KeyId=made.physical)


# ---- storage -----------------------------------------------------------------------------------


@resource('AWS::S3::Bucket', longest=63)
class Bucket(Resource):
    def make(self, aws, name, p):
        name = p.get('BucketName', name.lower())
        place = {'LocationConstraint': aws.region}
        aws.call('s3', 'CreateBucket', Bucket=name, CreateBucketConfiguration=place)
        self.change(aws, None, {}, {**p, 'BucketName': name})
        domain = f'{name}.s3.amazonaws.com'
        regional = f'{name}.s3.{aws.region}.amazonaws.com'
        return name, {'Arn': f'arn:aws:s3:::{name}', 'DomainName': domain, 'RegionalDomainName': regional}

    def change(self, aws, made, old, new):
        name = new['BucketName'] if made is None else made.physical
        if 'VersioningConfiguration' in new:
            versioning = new['VersioningConfiguration']
            aws.call('s3', 'PutBucketVersioning', Bucket=name, VersioningConfiguration=versioning)
        if 'BucketEncryption' in new:
            rules = [
                {'ApplyServerSideEncryptionByDefault': rule.get('ServerSideEncryptionByDefault', {})}
                | _only(rule, 'BucketKeyEnabled')
                for rule in new['BucketEncryption']['ServerSideEncryptionConfiguration']
            ]
            aws.call('s3', 'PutBucketEncryption', Bucket=name, ServerSideEncryptionConfiguration={'Rules': rules})
        if 'PublicAccessBlockConfiguration' in new:
            block = new['PublicAccessBlockConfiguration']
            aws.call('s3', 'PutPublicAccessBlock', Bucket=name, PublicAccessBlockConfiguration=block)
        if new.get('Tags'):
            aws.call('s3', 'PutBucketTagging', Bucket=name, Tagging={'TagSet': new['Tags']})

    def delete(self, aws, made, p):
        aws.call('s3', 'DeleteBucket', Bucket=made.physical)


@resource('AWS::S3::BucketPolicy')
class BucketPolicy(Resource):
    # The policy is not stored: moto would enforce it, and a policy that asks for TLS would lock out everybody, for the emulator has none.
    def make(self, aws, name, p):
        return p['Bucket'], {}


@resource('AWS::SQS::Queue', longest=80)
class Queue(Resource):
    def make(self, aws, name, p):
        name = p.get('QueueName', name)
        attributes = {key: _text(value) for key, value in _without(p, 'Tags', 'QueueName').items()}
        url = aws.call('sqs', 'CreateQueue', QueueName=name, Attributes=attributes)['QueueUrl']
        return url, {'Arn': aws.arn('sqs', name), 'QueueName': name}

    def change(self, aws, made, old, new):
        attributes = {key: _text(value) for key, value in _without(new, 'Tags', 'QueueName').items()}
        aws.call('sqs', 'SetQueueAttributes', QueueUrl=made.physical, Attributes=attributes)

    def delete(self, aws, made, p):
        aws.call('sqs', 'DeleteQueue', QueueUrl=made.physical)


@resource('AWS::SQS::QueuePolicy')
class QueuePolicy(Resource):
    def make(self, aws, name, p):
        for url in p['Queues']:
            policy = {'Policy': json.dumps(p['PolicyDocument'])}
            aws.call('sqs', 'SetQueueAttributes', QueueUrl=url, Attributes=policy)
        return name, {}


def _text(value):
    return str(value).lower() if isinstance(value, bool) else str(value)


@resource('AWS::Cassandra::Keyspace')
class Keyspace(Resource):
    def make(self, aws, name, p):
        name = p.get('KeyspaceName', name)
        aws.call('keyspaces', 'CreateKeyspace', keyspaceName=name)
        return name, {}

    def delete(self, aws, made, p):
        aws.call('keyspaces', 'DeleteKeyspace', keyspaceName=made.physical)


@resource('AWS::Cassandra::Table')
class Table(Resource):
    def make(self, aws, name, p):
        name = p.get('TableName', name)
        keys, clustering = p['PartitionKeyColumns'], p.get('ClusteringKeyColumns', [])
        columns = keys + [one['Column'] for one in clustering] + p.get('RegularColumns', [])
        definition = {
            'allColumns': [_column(one) for one in columns],
            'partitionKeys': [{'name': one['ColumnName']} for one in keys],
        }
        if clustering:
            definition['clusteringKeys'] = [
                {'name': one['Column']['ColumnName'], 'orderBy': one.get('OrderBy', 'ASC')} for one in clustering
            ]
        given = {'keyspaceName': p['KeyspaceName'], 'tableName': name}
        aws.call('keyspaces', 'CreateTable', **given, schemaDefinition=definition, **_table_options(p))
        return f'{p["KeyspaceName"]}|{name}', {}

    def change(self, aws, made, old, new):
        keyspace, table = made.physical.split('|')
        known = {one['ColumnName'] for one in old.get('RegularColumns', [])}
        wanted = new.get('RegularColumns', [])
        if known - {one['ColumnName'] for one in wanted}:
            raise Failed(f'Keyspaces removes no column of a table: {keyspace}.{table}')
        added = [_column(one) for one in wanted if one['ColumnName'] not in known]
        given = {'keyspaceName': keyspace, 'tableName': table}
        # An update may change one setting: https://docs.aws.amazon.com/keyspaces/latest/APIReference/API_UpdateTable.html
        if added:
            aws.call('keyspaces', 'UpdateTable', **given, addColumns=added)
        before, after = _table_options(old), _table_options(new)
        for name in (one for one in after if before.get(one) != after[one]):
            aws.call('keyspaces', 'UpdateTable', **given, **{name: after[name]})

    def delete(self, aws, made, p):
        keyspace, table = made.physical.split('|')
        aws.call('keyspaces', 'DeleteTable', keyspaceName=keyspace, tableName=table)


def _column(given):
    return {'name': given['ColumnName'], 'type': given['ColumnType']}


def _table_options(p):
    mode = p.get('BillingMode', {'Mode': 'ON_DEMAND'})
    throughput = {'ON_DEMAND': 'PAY_PER_REQUEST', 'PROVISIONED': 'PROVISIONED'}[mode['Mode']]
    encryption = p.get('EncryptionSpecification', {'EncryptionType': 'AWS_OWNED_KMS_KEY'})
    key = {'kmsKeyIdentifier': encryption['KmsKeyIdentifier']} if 'KmsKeyIdentifier' in encryption else {}
    options = {
        'capacitySpecification': {'throughputMode': throughput, **_lowered(mode.get('ProvisionedThroughput', {}))},
        'encryptionSpecification': {'type': encryption['EncryptionType'], **key},
        'pointInTimeRecovery': {'status': 'ENABLED' if p.get('PointInTimeRecoveryEnabled') else 'DISABLED'},
    }
    if 'DefaultTimeToLive' in p:
        options |= {'defaultTimeToLive': p['DefaultTimeToLive'], 'ttl': {'status': 'ENABLED'}}
    if 'AutoScalingSpecifications' in p:
        options['autoScalingSpecification'] = _lowered(p['AutoScalingSpecifications'])
    return options


def _lowered(value):
    """Renames properties for the API: CloudFormation's names begin with a capital."""
    if isinstance(value, list):
        return [_lowered(one) for one in value]
    if isinstance(value, dict):
        return {key[0].lower() + key[1:]: _lowered(one) for key, one in value.items()}
    return value


# ---- functions and their sources -----------------------------------------------------------------


@resource('AWS::Lambda::Function')
class Function(Resource):
    def make(self, aws, name, p):
        name = p.get('FunctionName', name)
        given = _without(p, 'ReservedConcurrentExecutions', 'Tags', 'Code', 'KmsKeyArn', 'FunctionName')
        if 'KmsKeyArn' in p:
            given['KMSKeyArn'] = p['KmsKeyArn']
        answer = aws.call('lambda', 'CreateFunction', FunctionName=name, Code=_code(p['Code']), **given)
        self._reserve(aws, name, p)
        return name, {'Arn': answer['FunctionArn']}

    def change(self, aws, made, old, new):
        if old['Code'] != new['Code']:
            aws.call('lambda', 'UpdateFunctionCode', FunctionName=made.physical, **_code(new['Code']))
        given = _without(new, 'ReservedConcurrentExecutions', 'Tags', 'Code', 'KmsKeyArn', 'Architectures', 'FunctionName')
        # A function leaves its VPC by an empty list of subnets.
        if 'VpcConfig' in old and 'VpcConfig' not in new:
            given['VpcConfig'] = {'SubnetIds': [], 'SecurityGroupIds': []}
        aws.call('lambda', 'UpdateFunctionConfiguration', FunctionName=made.physical, **given)
        self._reserve(aws, made.physical, new)

    def _reserve(self, aws, name, p):
        if 'ReservedConcurrentExecutions' in p:
            reserved = p['ReservedConcurrentExecutions']
            aws.call('lambda', 'PutFunctionConcurrency', FunctionName=name, ReservedConcurrentExecutions=reserved)

    def delete(self, aws, made, p):
        aws.call('lambda', 'DeleteFunction', FunctionName=made.physical)


def _code(given):
    """Gives the code of a function: from a bucket, or from a text, which becomes index.js."""
    if 'ZipFile' not in given:
        return _only(given, 'S3Bucket', 'S3Key')
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, 'w') as archive:
        archive.writestr('index.js', given['ZipFile'])
    return {'ZipFile': packed.getvalue()}


@resource('AWS::Lambda::Version')
class Version(Resource):
    def make(self, aws, name, p):
        answer = aws.call('lambda', 'PublishVersion', FunctionName=p['FunctionName'])
        arn = f'{answer["FunctionArn"]}:{answer["Version"]}'
        return arn, {'FunctionArn': arn, 'Version': answer['Version']}


@resource('AWS::Lambda::Permission')
class Permission(Resource):
    def make(self, aws, name, p):
        aws.call('lambda', 'AddPermission', StatementId=name[:100], **p)
        return name, {}


@resource('AWS::Lambda::EventSourceMapping')
class EventSourceMapping(Resource):
    def make(self, aws, name, p):
        answer = aws.call('lambda', 'CreateEventSourceMapping', **_mapping(p))
        return answer['UUID'], {'Id': answer['UUID'], 'EventSourceMappingArn': answer['EventSourceMappingArn']}

    def change(self, aws, made, old, new):
        # CloudFormation reports success for a property that the API cannot update.
        # https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2140
        members = aws.members('lambda', 'UpdateEventSourceMapping')
        given = {key: value for key, value in _mapping(new).items() if key in members}
        aws.call('lambda', 'UpdateEventSourceMapping', UUID=made.physical, **given)

    def delete(self, aws, made, p):
        aws.call('lambda', 'DeleteEventSourceMapping', UUID=made.physical)


def _mapping(p):
    source = p.get('SelfManagedEventSource')
    if source is None:
        return _without(p, 'Tags')
    brokers = source['Endpoints']['KafkaBootstrapServers']
    return _without(p, 'Tags') | {'SelfManagedEventSource': {'Endpoints': {'KAFKA_BOOTSTRAP_SERVERS': brokers}}}


@resource('AWS::MSK::Cluster')
class Cluster(Resource):
    def make(self, aws, name, p):
        nodes = dict(p['BrokerNodeGroupInfo'])
        # CloudFormation spells only this name differently from the API.
        if 'StorageInfo' in nodes:
            nodes['StorageInfo'] = {'EbsStorageInfo': nodes['StorageInfo']['EBSStorageInfo']}
        arn = aws.call('kafka', 'CreateCluster', **p | {'BrokerNodeGroupInfo': nodes})['ClusterArn']
        return arn, {'Arn': arn}

    def delete(self, aws, made, p):
        aws.call('kafka', 'DeleteCluster', ClusterArn=made.physical)


# ---- monitoring ------------------------------------------------------------------------------------


@resource('AWS::Logs::LogGroup', longest=512)
class LogGroup(Resource):
    def make(self, aws, name, p):
        name = p.get('LogGroupName', name)
        key = {'kmsKeyId': p['KmsKeyId']} if 'KmsKeyId' in p else {}
        aws.call('logs', 'CreateLogGroup', logGroupName=name, **key)
        self._retain(aws, name, p)
        return name, {'Arn': aws.arn('logs', f'log-group:{name}:*')}

    def change(self, aws, made, old, new):
        self._retain(aws, made.physical, new)

    def _retain(self, aws, name, p):
        if 'RetentionInDays' in p:
            aws.call('logs', 'PutRetentionPolicy', logGroupName=name, retentionInDays=p['RetentionInDays'])

    def delete(self, aws, made, p):
        aws.call('logs', 'DeleteLogGroup', logGroupName=made.physical)


@resource('AWS::CloudWatch::Alarm', longest=255)
class Alarm(Resource):
    def make(self, aws, name, p):
        name = p.get('AlarmName', name)
        aws.call('cloudwatch', 'PutMetricAlarm', **p | {'AlarmName': name})
        return name, {'Arn': aws.arn('cloudwatch', f'alarm:{name}')}

    def change(self, aws, made, old, new):
        aws.call('cloudwatch', 'PutMetricAlarm', **new | {'AlarmName': made.physical})

    def delete(self, aws, made, p):
        aws.call('cloudwatch', 'DeleteAlarms', AlarmNames=[made.physical])


@resource('AWS::CloudWatch::Dashboard')
class Dashboard(Resource):
    def make(self, aws, name, p):
        name = p.get('DashboardName', name)
        aws.call('cloudwatch', 'PutDashboard', DashboardName=name, DashboardBody=p['DashboardBody'])
        return name, {}

    def change(self, aws, made, old, new):
        aws.call('cloudwatch', 'PutDashboard', DashboardName=made.physical, DashboardBody=new['DashboardBody'])

    def delete(self, aws, made, p):
        aws.call('cloudwatch', 'DeleteDashboards', DashboardNames=[made.physical])


@resource('AWS::Events::Rule')
class Rule(Resource):
    def make(self, aws, name, p):
        name = p.get('Name', name)
        self._put(aws, name, p)
        return name, {'Arn': aws.arn('events', f'rule/{name}')}

    def change(self, aws, made, old, new):
        self._put(aws, made.physical, new)

    def _put(self, aws, name, p):
        aws.call('events', 'PutRule', **_without(p, 'Targets') | {'Name': name})
        aws.call('events', 'PutTargets', Rule=name, Targets=p['Targets'])

    def delete(self, aws, made, p):
        aws.call('events', 'RemoveTargets', Rule=made.physical, Ids=[one['Id'] for one in p['Targets']])
        aws.call('events', 'DeleteRule', Name=made.physical)


# ---- the network -----------------------------------------------------------------------------------


@resource('AWS::EC2::VPC')
class Vpc(Resource):
    def make(self, aws, name, p):
        vpc = aws.call('ec2', 'CreateVpc', CidrBlock=p['CidrBlock'])['Vpc']['VpcId']
        filters = [{'Name': 'vpc-id', 'Values': [vpc]}]
        groups = aws.call('ec2', 'DescribeSecurityGroups', Filters=filters)['SecurityGroups']
        return vpc, {'VpcId': vpc, 'DefaultSecurityGroup': groups[0]['GroupId'], 'CidrBlock': p['CidrBlock']}

    def delete(self, aws, made, p):
        aws.call('ec2', 'DeleteVpc', VpcId=made.physical)


@resource('AWS::EC2::Subnet')
class Subnet(Resource):
    def make(self, aws, name, p):
        given = _only(p, 'VpcId', 'CidrBlock', 'AvailabilityZone')
        subnet = aws.call('ec2', 'CreateSubnet', **given)['Subnet']['SubnetId']
        return subnet, {'SubnetId': subnet, 'AvailabilityZone': p['AvailabilityZone']}

    def delete(self, aws, made, p):
        aws.call('ec2', 'DeleteSubnet', SubnetId=made.physical)


@resource('AWS::EC2::RouteTable')
class RouteTable(Resource):
    def make(self, aws, name, p):
        table = aws.call('ec2', 'CreateRouteTable', VpcId=p['VpcId'])['RouteTable']['RouteTableId']
        return table, {'RouteTableId': table}

    def delete(self, aws, made, p):
        aws.call('ec2', 'DeleteRouteTable', RouteTableId=made.physical)


@resource('AWS::EC2::SubnetRouteTableAssociation')
class SubnetRouteTableAssociation(Resource):
    def make(self, aws, name, p):
        return aws.call('ec2', 'AssociateRouteTable', **p)['AssociationId'], {}

    def delete(self, aws, made, p):
        aws.call('ec2', 'DisassociateRouteTable', AssociationId=made.physical)


@resource('AWS::EC2::SecurityGroup', longest=255)
class SecurityGroup(Resource):
    def make(self, aws, name, p):
        given = {'GroupName': p.get('GroupName', name), 'Description': p['GroupDescription'], 'VpcId': p['VpcId']}
        group = aws.call('ec2', 'CreateSecurityGroup', **given)['GroupId']
        for rule in p.get('SecurityGroupEgress', []):
            aws.call('ec2', 'AuthorizeSecurityGroupEgress', GroupId=group, IpPermissions=[_permission(rule)])
        for rule in p.get('SecurityGroupIngress', []):
            aws.call('ec2', 'AuthorizeSecurityGroupIngress', GroupId=group, IpPermissions=[_permission(rule)])
        return group, {'GroupId': group, 'VpcId': p['VpcId']}

    def change(self, aws, made, old, new):
        for way, by in (('Egress', 'SecurityGroupEgress'), ('Ingress', 'SecurityGroupIngress')):
            before, after = old.get(by, []), new.get(by, [])
            for rule in (one for one in before if one not in after):
                self._rule(aws, 'Revoke', way, made.physical, rule)
            for rule in (one for one in after if one not in before):
                self._rule(aws, 'Authorize', way, made.physical, rule)

    def _rule(self, aws, verb, way, group, rule):
        aws.call('ec2', f'{verb}SecurityGroup{way}', GroupId=group, IpPermissions=[_permission(rule)])

    def delete(self, aws, made, p):
        aws.call('ec2', 'DeleteSecurityGroup', GroupId=made.physical)


class SecurityGroupRule(Resource):
    way = ''

    def make(self, aws, name, p):
        operation = f'AuthorizeSecurityGroup{self.way}'
        aws.call('ec2', operation, GroupId=p['GroupId'], IpPermissions=[_permission(p)])
        rule = f'sgr-{uuid.uuid4().hex[:17]}'
        return rule, {'Id': rule}

    def delete(self, aws, made, p):
        operation = f'RevokeSecurityGroup{self.way}'
        aws.call('ec2', operation, GroupId=p['GroupId'], IpPermissions=[_permission(p)])


@resource('AWS::EC2::SecurityGroupIngress')
class SecurityGroupIngress(SecurityGroupRule):
    way = 'Ingress'


@resource('AWS::EC2::SecurityGroupEgress')
class SecurityGroupEgress(SecurityGroupRule):
    way = 'Egress'


def _permission(rule):
    one = _only(rule, 'IpProtocol', 'FromPort', 'ToPort')
    if 'CidrIp' in rule:
        one['IpRanges'] = [{'CidrIp': rule['CidrIp']}]
    other = rule.get('SourceSecurityGroupId') or rule.get('DestinationSecurityGroupId')
    if other is not None:
        one['UserIdGroupPairs'] = [{'GroupId': other}]
    return one


@resource('AWS::EC2::VPCEndpoint')
class VpcEndpoint(Resource):
    def make(self, aws, name, p):
        given = _without(p, 'Tags')
        if given.get('PrivateDnsEnabled'):
            self._refuse_second(aws, p)
        if isinstance(given.get('PolicyDocument'), dict):
            given['PolicyDocument'] = json.dumps(given['PolicyDocument'])
        endpoint = aws.call('ec2', 'CreateVpcEndpoint', **given)['VpcEndpoint']['VpcEndpointId']
        return endpoint, {'Id': endpoint, 'DnsEntries': []}

    def _refuse_second(self, aws, p):
        filters = [{'Name': 'vpc-id', 'Values': [p['VpcId']]}]
        for one in aws.call('ec2', 'DescribeVpcEndpoints', Filters=filters)['VpcEndpoints']:
            if one['ServiceName'] == p['ServiceName'] and one['State'] != 'deleted':
                raise Failed(
                    'private-dns-enabled cannot be set because there is already a conflicting DNS domain for '
                    f'{p["ServiceName"]} in the VPC {p["VpcId"]}'
                )

    def delete(self, aws, made, p):
        aws.call('ec2', 'DeleteVpcEndpoints', VpcEndpointIds=[made.physical])


# ---- additions of `cdk bootstrap` and of CDK itself ---------------------------------------------------


@resource('AWS::SSM::Parameter')
class Parameter(Resource):
    def make(self, aws, name, p):
        aws.call('ssm', 'PutParameter', **_only(p, 'Name', 'Value', 'Type'))
        return p['Name'], {'Value': p['Value'], 'Type': p['Type']}

    def change(self, aws, made, old, new):
        aws.call('ssm', 'PutParameter', Overwrite=True, **_only(new, 'Name', 'Value', 'Type'))

    def delete(self, aws, made, p):
        aws.call('ssm', 'DeleteParameter', Name=made.physical)


@resource('AWS::ECR::Repository')
class Repository(Resource):
    def make(self, aws, name, p):
        name = p.get('RepositoryName', name.lower())
        answer = aws.call('ecr', 'CreateRepository', repositoryName=name)['repository']
        return name, {'Arn': answer['repositoryArn'], 'RepositoryUri': answer['repositoryUri']}

    def delete(self, aws, made, p):
        aws.call('ecr', 'DeleteRepository', repositoryName=made.physical, force=True)


@resource('AWS::CDK::Metadata')
class Metadata(Resource):
    def make(self, aws, name, p):
        return name, {}
