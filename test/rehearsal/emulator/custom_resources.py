"""Custom resources: CloudFormation asks a function, and the function answers to an address of its own."""

import json
import threading
import uuid

from errors import Failed

LONGEST_ANSWER = 4096


class Refused(Failed):
    """A function has answered FAILED; CloudFormation asks it to delete in a rollback what it named."""

    def __init__(self, reason, physical):
        super().__init__(reason)
        self.physical = physical


class Answers:
    """What functions have answered, by the last part of the address they were given."""

    def __init__(self, address):
        self._address = address
        self._lock, self._answers = threading.Lock(), {}

    def address(self, token):
        return f'{self._address}/{token}'

    def put(self, token, body):
        with self._lock:
            self._answers[token] = body

    def take(self, token):
        with self._lock:
            return self._answers.pop(token, None)


class CustomResources:
    def __init__(self, functions, answers):
        """`functions` is Lambda's API (lambda_service.py)."""
        self._functions, self._answers = functions, answers

    def ask(self, request, stack_id, logical, kind, properties, physical=None, old=None):
        """Has a resource created, updated or deleted. Returns (physical id, attributes). Raises Failed with its reason."""
        token = str(uuid.uuid4())
        event = {
            'RequestType': request,
            'ServiceToken': properties['ServiceToken'],
            'ResponseURL': self._answers.address(token),
            'StackId': stack_id,
            'RequestId': token,
            'LogicalResourceId': logical,
            'ResourceType': kind,
            'ResourceProperties': _texts(properties),
        }
        if physical is not None:
            event['PhysicalResourceId'] = physical
        if old is not None:
            event['OldResourceProperties'] = _texts(old)
        _, error = self._functions.Invoke(properties['ServiceToken'], event)
        body = self._answers.take(token)
        if body is None:
            raise Failed(f'CloudFormation did not receive a response from your Custom Resource (its function: {error})')
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/crpg-ref-responses.html
        if len(body) > LONGEST_ANSWER:
            raise Failed(f'Response object is too long. ({len(body)} bytes, of at most {LONGEST_ANSWER})')
        answer = json.loads(body)
        if answer['Status'] != 'SUCCESS':
            reason = f'Received response status [FAILED] from custom resource. Message returned: {answer.get("Reason")}'
            raise Refused(reason, answer.get('PhysicalResourceId', ''))
        return answer['PhysicalResourceId'], answer.get('Data') or {}


def _texts(value):
    """Custom resources are given texts only: CloudFormation has no numbers and no truth values for them."""
    if isinstance(value, dict):
        return {key: _texts(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_texts(one) for one in value]
    if isinstance(value, bool):
        return 'true' if value else 'false'
    return str(value)
