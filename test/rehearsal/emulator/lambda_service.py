"""The part of AWS Lambda's API that a stack needs. Functions really run: the uploaded zip, under Node, in a process for each call."""

import io
import json
import uuid
import zipfile

from errors import Failed
from services import arn

# The limit on the bytes of all variables as JSON: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
LONGEST_ENVIRONMENT = 4096


def measured(variables):
    """Measures a function's variables as Lambda does."""
    return json.dumps(variables, ensure_ascii=False, separators=(',', ':'))


class Lambda:
    def __init__(self, runner, bucket_object):
        """Takes `runner`, which runs functions (functions.py), and `bucket_object(bucket, key)`, the bytes of an uploaded zip."""
        self.functions, self.mappings = {}, {}
        self._runner, self._bucket_object = runner, bucket_object

    # ---- functions ----

    def CreateFunction(self, FunctionName, Code, **options):
        if FunctionName in self.functions:
            raise Failed(f'Function already exist: {FunctionName}')
        made = {'FunctionName': FunctionName, 'FunctionArn': arn('lambda', f'function:{FunctionName}'), 'versions': 0}
        self.functions[FunctionName] = made
        try:
            self._configure(made, options)
            self._unpack(made, **Code)
        except Failed:
            del self.functions[FunctionName]
            raise
        return made

    def UpdateFunctionCode(self, FunctionName, **code):
        self._unpack(self.function(FunctionName), **code)

    def UpdateFunctionConfiguration(self, FunctionName, **options):
        self._configure(self.function(FunctionName), options)

    def DeleteFunction(self, FunctionName):
        del self.functions[self.function(FunctionName)['FunctionName']]

    def PublishVersion(self, FunctionName):
        made = self.function(FunctionName)
        made['versions'] += 1
        return {'FunctionArn': made['FunctionArn'], 'Version': str(made['versions'])}

    def AddPermission(self, FunctionName, **_):
        self.function(FunctionName)

    def PutFunctionConcurrency(self, FunctionName, ReservedConcurrentExecutions):
        self.function(FunctionName)['reserved'] = ReservedConcurrentExecutions

    def Invoke(self, name, event):
        """Runs a function. Returns (answer, None), or (None, error) if it threw."""
        return self._runner.run(self.function(name), event)

    def function(self, name):
        """Finds a function by its name or ARN, with or without a version."""
        found = name.split(':')[6] if name.startswith('arn:') else name.split(':')[0]
        if found not in self.functions:
            raise Failed(f'Function not found: {name}')
        return self.functions[found]

    def _configure(self, made, options):
        variables = options.get('Environment', {}).get('Variables', {})
        text = measured(variables)
        if len(text.encode()) > LONGEST_ENVIRONMENT:
            raise Failed(
                'Lambda was unable to configure your environment variables because the environment variables you have '
                f'provided exceeded the 4KB limit. String measured: {text[:80]}…'
            )
        made.update(options)

    def _unpack(self, made, S3Bucket=None, S3Key=None, ZipFile=None):
        packed = ZipFile if ZipFile is not None else self._bucket_object(S3Bucket, S3Key)
        folder = self._runner.new_folder()
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            archive.extractall(folder)
        made['folder'] = str(folder)

    # ---- event source mappings ----

    def CreateEventSourceMapping(self, FunctionName, **options):
        function = self.function(FunctionName)['FunctionArn']
        brokers, topics = _brokers(options), options['Topics']
        for one in self.mappings.values():
            if (one['FunctionArn'], _brokers(one), one['Topics']) == (function, brokers, topics):
                raise Failed(
                    f'An event source mapping with event source ("{brokers}"), function ("{FunctionName}"), topics '
                    f'("{", ".join(topics)}") already exists. Please update or delete the existing mapping with UUID '
                    f'{one["UUID"]} (Service: Lambda, Status Code: 409)'
                )
        made = {'UUID': str(uuid.uuid4()), 'FunctionArn': function, 'State': 'Enabled', **options}
        made['EventSourceMappingArn'] = arn('lambda', f'event-source-mapping:{made["UUID"]}')
        self.mappings[made['UUID']] = made
        return made

    def UpdateEventSourceMapping(self, UUID, FunctionName=None, **options):
        made = self._mapping(UUID)
        # "After creating a Kafka event source mapping with the consumer group ID specified, you cannot update this value."
        # https://docs.aws.amazon.com/lambda/latest/api/API_AmazonManagedKafkaEventSourceConfig.html
        for name in ('AmazonManagedKafkaEventSourceConfig', 'SelfManagedKafkaEventSourceConfig'):
            before, after = (one.get(name, {}).get('ConsumerGroupId') for one in (made, options))
            if name in options and before != after:
                raise Failed(f'The consumer group of an event source mapping cannot be updated ({before} to {after})')
        made.update(options)
        if FunctionName is not None:
            made['FunctionArn'] = self.function(FunctionName)['FunctionArn']

    def DeleteEventSourceMapping(self, UUID):
        del self.mappings[self._mapping(UUID)['UUID']]

    def _mapping(self, identifier):
        if identifier not in self.mappings:
            raise Failed(f'The resource you requested does not exist: event source mapping {identifier}')
        return self.mappings[identifier]


def _brokers(mapping):
    if 'EventSourceArn' in mapping:
        return mapping['EventSourceArn']
    return ','.join(sorted(mapping['SelfManagedEventSource']['Endpoints']['KAFKA_BOOTSTRAP_SERVERS']))
