"""The part of CloudFormation's API that the CDK's command line calls."""

import dataclasses
import threading
import urllib.parse
import uuid

import schemas
import stacks
from errors import Failed
from services import arn
from template import parse


class NoSuchChangeSet(Failed):
    """An error for a missing change set, which has a code of its own."""

    code = 'ChangeSetNotFound'


@dataclasses.dataclass
class ChangeSet:
    """A change set: the template, parameters and tags that a stack is to get."""

    name: str
    change_set_id: str
    stack: stacks.Stack
    text: str
    template: dict
    parameters: dict
    tags: list
    import_existing: bool
    changes: list
    created: object = dataclasses.field(default_factory=stacks.now)
    status: str = 'CREATE_COMPLETE'
    reason: str = ''


class CloudFormation:
    def __init__(self, world, bucket_object):
        """Takes `bucket_object(bucket, key)`, which gives an uploaded template's bytes."""
        self._world, self._bucket_object = world, bucket_object
        self.stacks, self._change_sets = {}, {}

    # ---- stacks ----

    def DescribeStacks(self, StackName=None, **_):
        found = self._living() if StackName is None else [self._stack(StackName)]
        return {'Stacks': [_described(one) for one in found]}

    def DescribeStackEvents(self, StackName, **_):
        return {'StackEvents': self._stack(StackName).events[::-1]}

    def DescribeEvents(self, StackName=None, ChangeSetName=None, Filters=None, **_):
        # A change set has no events: nothing is validated early here.
        if StackName is None:
            return {'OperationEvents': []}
        events = self._stack(StackName).events[::-1]
        if (Filters or {}).get('FailedEvents'):
            events = [one for one in events if one['ResourceStatus'].endswith('_FAILED')]
        return {'OperationEvents': [{**one, 'EventType': 'STACK_EVENT'} for one in events]}

    def ListStackResources(self, StackName, **_):
        return {'StackResourceSummaries': self._resources(self._stack(StackName))}

    def DescribeStackResources(self, StackName, **_):
        return {'StackResources': self._resources(self._stack(StackName))}

    def _resources(self, stack):
        return [
            {
                'StackName': stack.name,
                'LogicalResourceId': logical,
                'PhysicalResourceId': made.physical,
                'ResourceType': made.kind,
                'LastUpdatedTimestamp': stack.created,
                'Timestamp': stack.created,
                'ResourceStatus': 'CREATE_COMPLETE',
            }
            for logical, made in stack.made.items()
        ]

    def GetTemplate(self, StackName, **_):
        return {'TemplateBody': self._stack(StackName).text or '{}'}

    def GetTemplateSummary(self, TemplateBody=None, TemplateURL=None, **_):
        template = parse(self._template_text(TemplateBody, TemplateURL))
        parameters = [
            {'ParameterKey': name, 'ParameterType': one['Type']}
            for name, one in template.get('Parameters', {}).items()
        ]
        kinds = sorted({one['Type'] for one in template['Resources'].values()})
        return {'Parameters': parameters, 'ResourceTypes': kinds}

    def UpdateTerminationProtection(self, StackName, EnableTerminationProtection):
        stack = self._stack(StackName)
        stack.protected = EnableTerminationProtection
        return {'StackId': stack.stack_id}

    def DeleteStack(self, StackName, **_):
        stack = self._stack(StackName)
        if stack.protected:
            raise Failed(f'Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled')
        stack.status = 'DELETE_IN_PROGRESS'
        threading.Thread(target=stacks.delete, args=(self._world, stack)).start()

    def ContinueUpdateRollback(self, StackName, ResourcesToSkip=(), ClientRequestToken=None):
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ContinueUpdateRollback.html
        stack = self._stack(StackName)
        if stack.status != 'UPDATE_ROLLBACK_FAILED':
            raise Failed(f'Stack:{stack.stack_id} is in {stack.status} state and can not continue rollback.')
        others = [one for one in ResourcesToSkip if one not in stack.stopped.failed]
        if others:
            raise Failed(f'These resources have not failed in the rollback, and cannot be skipped: {others}')
        stack.status = 'UPDATE_ROLLBACK_IN_PROGRESS'
        threading.Thread(target=stack.stopped.continue_rollback, args=(ResourcesToSkip,)).start()

    def RollbackStack(self, StackName, **_):
        raise Failed(f'Stack [{StackName}] cannot be rolled back: the rehearsal leaves none half done')

    # ---- change sets ----

    def CreateChangeSet(self, StackName, ChangeSetName, ChangeSetType='UPDATE', **given):
        text = self._template_text(given.get('TemplateBody'), given.get('TemplateURL'))
        template = parse(text)
        if ChangeSetType == 'CREATE':
            stack = next((one for one in self._living() if one.name == StackName), None)
            if stack is None:
                stack = stacks.new_stack(StackName)
                self.stacks[stack.stack_id] = stack
            elif stack.status != 'REVIEW_IN_PROGRESS':
                raise Failed(f'Stack [{StackName}] already exists and cannot be created again')
        else:
            stack = self._stack(StackName)
            # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html
            if stack.status not in ('CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'IMPORT_COMPLETE'):
                raise Failed(f'Stack:{stack.stack_id} is in {stack.status} state and can not be updated.')
        parameters = {
            one['ParameterKey']: stack.parameters.get(one['ParameterKey'])
            if one.get('UsePreviousValue')
            else one['ParameterValue']
            for one in given.get('Parameters', [])
        }
        made = ChangeSet(
            ChangeSetName,
            arn('cloudformation', f'changeSet/{ChangeSetName}/{uuid.uuid4()}'),
            stack,
            text,
            template,
            parameters,
            given.get('Tags', []),
            given.get('ImportExistingResources', False),
            _changes(stack.template, template),
        )
        if not made.changes and (stack.parameters, stack.tags) == (parameters, made.tags):
            made.status = 'FAILED'
            made.reason = "The submitted information didn't contain changes. Submit different information to create a change set."
        # A stack has one change set of a name.
        self._change_sets[(stack.stack_id, ChangeSetName)] = made
        return {'Id': made.change_set_id, 'StackId': stack.stack_id}

    def DescribeChangeSet(self, ChangeSetName, StackName=None, **_):
        made = self._change_set(ChangeSetName, StackName)
        return {
            'ChangeSetName': made.name,
            'ChangeSetId': made.change_set_id,
            'StackId': made.stack.stack_id,
            'StackName': made.stack.name,
            'CreationTime': made.created,
            'Status': made.status,
            'StatusReason': made.reason,
            'ExecutionStatus': 'AVAILABLE' if made.status == 'CREATE_COMPLETE' else 'UNAVAILABLE',
            'Changes': [{'Type': 'Resource', 'ResourceChange': one} for one in made.changes],
        }

    def ExecuteChangeSet(self, ChangeSetName, StackName=None, **_):
        made = self._change_set(ChangeSetName, StackName)
        deployment = stacks.Deployment(self._world, made.stack, made)
        made.stack.status = 'CREATE_IN_PROGRESS' if deployment.first else 'UPDATE_IN_PROGRESS'
        threading.Thread(target=deployment.run).start()

    def DeleteChangeSet(self, ChangeSetName, StackName=None, **_):
        try:
            made = self._change_set(ChangeSetName, StackName)
        except Failed:
            return
        del self._change_sets[(made.stack.stack_id, made.name)]

    # ---- shared ----

    def _living(self):
        return [one for one in self.stacks.values() if one.status != 'DELETE_COMPLETE']

    def _stack(self, name):
        """Finds a stack by its id, even a deleted one, or by its name."""
        if name in self.stacks:
            return self.stacks[name]
        for one in self._living():
            if one.name == name:
                return one
        raise Failed(f'Stack with id {name} does not exist')

    def _change_set(self, name, stack_name):
        """Finds a change set by its id, or by its name and stack. A deleted stack has none."""
        for (stack_id, its_name), made in self._change_sets.items():
            if made.stack.status == 'DELETE_COMPLETE':
                continue
            if name == made.change_set_id or (name == its_name and stack_name in (stack_id, made.stack.name)):
                return made
        raise NoSuchChangeSet(f'ChangeSet [{name}] does not exist')

    def _template_text(self, body, url):
        if body is not None:
            return body
        # https://<bucket>.s3.<region>.amazonaws.com/<key>, or <endpoint>/<bucket>/<key>
        parsed = urllib.parse.urlparse(url)
        path = parsed.path.lstrip('/')
        bucket, key = (parsed.hostname.split('.')[0], path) if '.s3.' in parsed.hostname else path.split('/', 1)
        return self._bucket_object(bucket, key).decode()


def _described(stack):
    described = {
        'StackId': stack.stack_id,
        'StackName': stack.name,
        'CreationTime': stack.created,
        'StackStatus': stack.status,
        'StackStatusReason': stack.reason,
        'EnableTerminationProtection': stack.protected,
        'Outputs': stack.outputs,
        'Parameters': [{'ParameterKey': name, 'ParameterValue': str(value)} for name, value in stack.parameters.items()],
        'Tags': stack.tags,
    }
    return described | ({'Description': stack.template['Description']} if 'Description' in stack.template else {})


def _changes(old, new):
    """Lists the changes of a change set, by the templates' texts."""
    before, after = old['Resources'], new['Resources']
    found = []
    for logical in [*before, *(one for one in after if one not in before)]:
        change = {'LogicalResourceId': logical, 'ResourceType': (before.get(logical) or after[logical])['Type']}
        if logical not in after:
            found.append({**change, 'Action': 'Remove'})
        elif logical not in before:
            found.append({**change, 'Action': 'Add'})
        elif before[logical] != after[logical]:
            properties = before[logical].get('Properties', {}), after[logical].get('Properties', {})
            replaced = schemas.replaces(change['ResourceType'], *properties)
            found.append({**change, 'Action': 'Modify', 'Replacement': 'True' if replaced else 'False'})
    return found
