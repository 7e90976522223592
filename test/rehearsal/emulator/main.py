"""An emulator of AWS's API for `cdk deploy`: moto, and before it the services that moto lacks or only pretends.

test/rehearsal/emulator.ts starts it with a JSON object of settings as its only argument. When it listens, it prints its two
addresses as a line of JSON. When its standard input closes, it ends.
"""

import http.server
import json
import logging
import os
import sys
import threading
import time
import urllib.parse

SETTINGS = json.loads(sys.argv[1])
# moto reads this variable at its import. Without it, moto takes a request's account from the access key.
os.environ['MOTO_ACCOUNT_ID'] = '111122223333'
os.environ |= {'AWS_ACCESS_KEY_ID': 'rehearsal', 'AWS_SECRET_ACCESS_KEY': 'rehearsal', 'AWS_DEFAULT_REGION': 'eu-west-1'}

from moto.server import DomainDispatcherApplication, create_backend_app  # noqa: E402
from werkzeug.serving import make_server  # noqa: E402

import query_protocol  # noqa: E402
from cloudformation_service import CloudFormation  # noqa: E402
from custom_resources import Answers, CustomResources  # noqa: E402
from errors import Failed  # noqa: E402
from functions import Runner  # noqa: E402
from kafka_service import Kafka  # noqa: E402
from keyspaces_service import Keyspaces  # noqa: E402
from lambda_service import Lambda  # noqa: E402
from services import Aws  # noqa: E402
from stacks import World  # noqa: E402

# moto's server would log each request.
logging.getLogger('werkzeug').setLevel(logging.ERROR)

LOG = open(SETTINGS['log'], 'a', buffering=1)
os.dup2(LOG.fileno(), sys.stderr.fileno())


def log(text):
    LOG.write(f'{time.strftime("%H:%M:%S")} {text}\n')


class Handler(http.server.BaseHTTPRequestHandler):
    """The requests that moto does not handle: four services, the answers of custom resources, and the rehearsal's questions."""

    protocol_version = 'HTTP/1.1'

    def do_GET(self):
        path = self._path()
        if path[:1] == ['rehearsal']:
            self._answer(200, state())
        elif path[-1:] == ['bootstrap-brokers']:
            brokers = KAFKA.GetBootstrapBrokers(path[2])
            self._answer(200, {name[0].lower() + name[1:]: value for name, value in brokers.items()})
        elif path[1:2] == ['functions']:
            self._function(path[2])
        else:
            self._unknown()

    def do_POST(self):
        path, body = self._path(), self._body()
        if path[:1] == ['rehearsal']:
            WORLD.planted[tuple(json.loads(body)[one] for one in ('stack', 'action', 'type'))] = json.loads(body)['message']
            self._answer(200, {})
        elif path[-1:] == ['invocations']:
            self._invoke(path[2], json.loads(body or b'{}'))
        elif path == [] and 'x-amz-target' in self.headers:
            # This is CloudTrail's API, which the command line searches for the reasons of a failure.
            self._answer(200, {'Events': []})
        elif path == []:
            self._cloudformation(body)
        else:
            self._unknown()

    def do_PUT(self):
        ANSWERS.put(self._path()[-1], self._body())
        self._answer(200, {})

    def _cloudformation(self, body):
        try:
            operation, parameters = query_protocol.read('cloudformation', body)
            log(f'CloudFormation {operation} {parameters.get("StackName", "")}')
            answered = getattr(CLOUDFORMATION, operation)(**parameters)
        except Failed as error:
            self._send(400, 'text/xml', query_protocol.refusal(error))
        except Exception as error:
            # The caller is told, because it would otherwise retry for a minute.
            self._send(400, 'text/xml', query_protocol.refusal(WORLD.reason(error)))
        else:
            self._send(200, 'text/xml', query_protocol.answer('cloudformation', operation, answered))

    def _function(self, name):
        try:
            made = LAMBDA.function(name)
        except Failed as error:
            self._answer(404, {'Type': 'User', 'Message': str(error)}, {'x-amzn-errortype': 'ResourceNotFoundException'})
        else:
            self._answer(200, {'Configuration': {'FunctionName': made['FunctionName'], 'State': 'Active'}, 'State': 'Active'})

    def _invoke(self, name, event):
        if self.headers.get('x-amz-invocation-type') == 'Event':
            threading.Thread(target=LAMBDA.Invoke, args=(name, event)).start()
            self._answer(202, {})
            return
        answered, error = LAMBDA.Invoke(name, event)
        headers = {'x-amz-executed-version': '$LATEST'} | ({} if error is None else {'x-amz-function-error': 'Unhandled'})
        self._answer(200, answered if error is None else error, headers)

    def _path(self):
        path = urllib.parse.urlparse(self.path).path
        return [urllib.parse.unquote(one) for one in path.split('/') if one]

    def _body(self):
        return self.rfile.read(int(self.headers.get('content-length', 0)))

    def _unknown(self):
        self._answer(501, {'Message': f'The rehearsal does not know {self.command} {self.path}'})

    def _answer(self, status, value, headers=None):
        self._send(status, 'application/json', json.dumps(value, default=str).encode(), headers)

    def _send(self, status, kind, body, headers=None):
        self.send_response(status)
        for name, value in {'content-type': kind, 'content-length': str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def state():
    """Gives the state for a rehearsal to check."""
    return {
        'stacks': {
            stack.name: {
                'status': stack.status,
                'protected': stack.protected,
                'outputs': {one['OutputKey']: one['OutputValue'] for one in stack.outputs},
                'resources': {
                    logical: {'type': made.kind, 'id': made.physical, 'properties': made.properties}
                    for logical, made in stack.made.items()
                },
                'events': [
                    {name: one[name] for name in ('LogicalResourceId', 'ResourceStatus', 'ResourceStatusReason')}
                    for one in stack.events
                ],
            }
            for stack in CLOUDFORMATION.stacks.values()
        },
        'keyspaces': KEYSPACES.keyspaces,
        'mappings': LAMBDA.mappings,
        'functions': list(LAMBDA.functions),
        'retained': WORLD.retained,
    }


MOTO = make_server('127.0.0.1', 0, DomainDispatcherApplication(create_backend_app), threaded=True)
FRONT = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
MOTO_ADDRESS, ADDRESS = (f'http://127.0.0.1:{server.server_port}' for server in (MOTO, FRONT))

ENDPOINTS = {'AWS_ENDPOINT_URL': MOTO_ADDRESS, 'AWS_ENDPOINT_URL_S3': MOTO_ADDRESS}
ENDPOINTS |= {f'AWS_ENDPOINT_URL_{service}': ADDRESS for service in ('CLOUDFORMATION', 'CLOUDTRAIL', 'LAMBDA', 'KAFKA')}

KEYSPACES, KAFKA = Keyspaces(), Kafka(SETTINGS['brokers'])
ANSWERS = Answers(f'{ADDRESS}/answers')
RUNNER = Runner(
    SETTINGS['node'],
    SETTINGS['sdk'],
    SETTINGS['folder'],
    # Node trusts the authority of the Cassandra in place of Keyspaces, as it trusts Amazon's.
    ENDPOINTS | {'REHEARSAL_ANSWERS': ADDRESS, 'NODE_EXTRA_CA_CERTS': SETTINGS['ca']},
    SETTINGS['replaced'],
    log,
)


def bucket_object(bucket, key):
    return AWS.call('s3', 'GetObject', Bucket=bucket, Key=key)['Body'].read()


LAMBDA = Lambda(RUNNER, bucket_object)
AWS = Aws(MOTO_ADDRESS, {'keyspaces': KEYSPACES, 'kafka': KAFKA, 'lambda': LAMBDA})
WORLD = World(AWS, CustomResources(LAMBDA, ANSWERS), log)
CLOUDFORMATION = CloudFormation(WORLD, bucket_object)

for server in (MOTO, FRONT):
    threading.Thread(target=server.serve_forever, daemon=True).start()
print(json.dumps(ENDPOINTS), flush=True)
sys.stdin.read()
# The program exits at once. This closes the input of a function that still runs, and so ends it too.
os._exit(0)
