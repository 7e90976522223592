"""Runs Lambda functions: a process of Node for each invocation, in the environment of Lambda's runtime."""

import itertools
import json
import os
import pathlib
import subprocess
import tempfile

from services import REGION

RUNTIME = pathlib.Path(__file__).parent / 'lambda-runtime.mjs'


class Runner:
    def __init__(self, node, sdk, folder, endpoints, replaced, log):
        """Takes `sdk`, a node_modules folder with the AWS SDK; `endpoints`, environment variables that name AWS's services; and
        `replaced`, the values of variables that must have another value here, each `{name: {value: other}}`."""
        self._node, self._sdk, self._folder = node, sdk, pathlib.Path(folder)
        self._endpoints, self._replaced, self._log = endpoints, replaced, log
        self._numbers = itertools.count()

    def new_folder(self):
        """Makes a folder for a function's code, which finds the SDK as in Lambda."""
        folder = self._folder / f'code-{next(self._numbers)}'
        folder.mkdir()
        (folder / 'node_modules').symlink_to(self._sdk)
        return folder

    def run(self, function, event):
        """Returns (answer, None), or (None, error) if the function threw, ended or exceeded its timeout."""
        answered = self._folder / f'answer-{next(self._numbers)}.json'
        seconds = function.get('Timeout', 3)
        given = {'event': event, 'answer': str(answered), 'folder': function['folder'], 'handler': function['Handler']}
        given |= {'name': function['FunctionName'], 'arn': function['FunctionArn'], 'milliseconds': seconds * 1000}
        with tempfile.TemporaryFile(dir=self._folder) as output:
            said = self._wait(self._begin(function, output), given, seconds)
            output.seek(0)
            printed = output.read().decode(errors='replace')
        if answered.exists():
            said = json.loads(answered.read_text())
        said = said or {'error': {'errorType': 'Runtime.ExitError', 'errorMessage': printed[-1000:]}}
        answered.unlink(missing_ok=True)
        self._log(f'{function["FunctionName"]} was given {json.dumps(event)[:2000]}, said {json.dumps(said)[:2000]}')
        if printed:
            self._log(printed[-4000:])
        return said.get('answer'), said.get('error')

    def _begin(self, function, output):
        return subprocess.Popen(
            [self._node, str(RUNTIME)],
            env=self._environment(function),
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
        )

    def _wait(self, process, given, seconds):
        # The function's input stays open. When this program ends in any way, the input closes and the function ends.
        with process.stdin as given_to:
            given_to.write(json.dumps(given).encode() + b'\n')
            given_to.flush()
            try:
                process.wait(timeout=seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                return {'error': {'errorType': 'Sandbox.Timedout', 'errorMessage': f'Task timed out after {seconds} s'}}
        return None

    def _environment(self, function):
        variables = {
            'PATH': os.environ['PATH'],
            'AWS_REGION': REGION,
            'AWS_DEFAULT_REGION': REGION,
            'AWS_ACCESS_KEY_ID': 'rehearsal',
            'AWS_SECRET_ACCESS_KEY': 'rehearsal',
            'AWS_SESSION_TOKEN': 'rehearsal',
            'AWS_LAMBDA_FUNCTION_NAME': function['FunctionName'],
            'AWS_EXECUTION_ENV': 'AWS_Lambda_nodejs24.x',
            'LAMBDA_TASK_ROOT': function['folder'],
            **self._endpoints,
            **function.get('Environment', {}).get('Variables', {}),
        }
        for name, others in self._replaced.items():
            if variables.get(name) in others:
                variables[name] = others[variables[name]]
        return variables
