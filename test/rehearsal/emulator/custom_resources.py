"""Custom resources: CloudFormation asks a function, and the function answers to an address of its own."""

import json
import threading
import uuid

from errors import Failed

LONGEST_ANSWER = 4096


class Refused(Failed):
    """An error for a function's answer FAILED. In a rollback CloudFormation asks the function to delete the resource that it named."""

    def __init__(self, reason, physical):
        super().__init__(reason)
        self.physical = physical


class Answers:
    """The answers of functions, by the last part of their addresses."""

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
        """Takes Lambda's API as `functions` (lambda_service.py)."""
        self._functions, self._answers = functions, answers

    def ask(self, request, stack_id, logical, kind, properties, physical=None, old=None):
        """Makes the function create, update or delete a resource. Returns (physical id, attributes). Raises Failed with the reason."""
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
    """Turns values into texts: CloudFormation gives custom resources no numbers and no truth values."""
    if isinstance(value, dict):
        return {key: _texts(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_texts(one) for one in value]
    if isinstance(value, bool):
        return 'true' if value else 'false'
    return str(value)
