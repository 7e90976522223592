"""AWS's APIs, to which CloudFormation's resource handlers speak: some of the project's own, the others moto's."""

import functools

import boto3
import botocore.config
import botocore.exceptions

import shapes
from errors import Failed

ACCOUNT, REGION = '111122223333', 'eu-west-1'


def arn(service, rest):
    """The ARN of something in the rehearsal's account and region."""
    return f'arn:aws:{service}:{REGION}:{ACCOUNT}:{rest}'


class Aws:
    """Calls, each checked against its API's shape before it is made."""

    region = REGION
    arn = staticmethod(arn)
    members = staticmethod(shapes.members_of)

    def __init__(self, endpoint, own):
        """`endpoint` is moto's; `own` are the services that moto lacks, by name, each an object with a method a call."""
        self._endpoint, self._own = endpoint, own

    def call(self, service, operation, **parameters):
        """The API's answer. Raises Failed with the API's words where it refuses."""
        found = shapes.faults(service, operation, parameters)
        if found:
            raise Failed('; '.join(found))
        if service in self._own:
            return getattr(self._own[service], operation)(**parameters)
        try:
            # By the operation's own name: boto3's methods have another spelling of it.
            return self._client(service)._make_api_call(operation, parameters)
        except botocore.exceptions.ClientError as error:
            raise Failed(error.response['Error']['Message']) from error

    @functools.cache
    def _client(self, service):
        config = botocore.config.Config(s3={'addressing_style': 'path'}, retries={'max_attempts': 1})
        return boto3.client(service, endpoint_url=self._endpoint, region_name=REGION, config=config)
