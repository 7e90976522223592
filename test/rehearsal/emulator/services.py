"""AWS's APIs, which CloudFormation's resource handlers call. Some are the project's own, the others moto's."""

import functools

import boto3
import botocore.config
import botocore.exceptions

import shapes
from errors import Failed

ACCOUNT, REGION = '111122223333', 'eu-west-1'


def arn(service, rest):
    """Makes the ARN of a resource in the rehearsal's account and region."""
    return f'arn:aws:{service}:{REGION}:{ACCOUNT}:{rest}'


class Aws:
    """Calls AWS's APIs. Each call is checked against the API's shape first."""

    region = REGION
    arn = staticmethod(arn)
    members = staticmethod(shapes.members_of)

    def __init__(self, endpoint, own):
        """Takes moto's `endpoint`, and `own`, the services that moto lacks, by name. Each is an object with a method for each call."""
        self._endpoint, self._own = endpoint, own

    def call(self, service, operation, **parameters):
        """Calls an API; returns its answer. Raises Failed with the API's message if it refuses."""
        found = shapes.faults(service, operation, parameters)
        if found:
            raise Failed('; '.join(found))
        if service in self._own:
            return getattr(self._own[service], operation)(**parameters)
        try:
            # The call uses the operation's own name; boto3's methods spell it differently.
            return self._client(service)._make_api_call(operation, parameters)
        except botocore.exceptions.ClientError as error:
            raise Failed(error.response['Error']['Message']) from error

    @functools.cache
    def _client(self, service):
        config = botocore.config.Config(s3={'addressing_style': 'path'}, retries={'max_attempts': 1})
        return boto3.client(service, endpoint_url=self._endpoint, region_name=REGION, config=config)
