"""Stacks, and their way from one template to the next as in CloudFormation: in order, and back after a failure.

Sources: DeletionPolicy, UpdateReplacePolicy, the update behaviours of stack resources and the stack failure options, all in
https://docs.aws.amazon.com/AWSCloudFormation/latest/. Resources are created one after another here; CloudFormation creates
independent resources in parallel.
"""

import copy
import dataclasses
import datetime
import traceback
import uuid

import schemas
from custom_resources import Refused
from errors import Failed
from resources import type_of
from services import ACCOUNT, REGION, arn
from template import Resolver, needs, order

# The types that CloudFormation imports by name here, when `ImportExistingResources` is asked for.
IMPORTED = ('AWS::Cassandra::Keyspace', 'AWS::Cassandra::Table')


def now():
    return datetime.datetime.now(datetime.timezone.utc)


@dataclasses.dataclass
class Made:
    """An existing resource."""

    kind: str
    physical: str
    attributes: dict
    properties: dict
    deletion: str
    replacement: str


@dataclasses.dataclass
class Stack:
    name: str
    stack_id: str
    status: str = 'REVIEW_IN_PROGRESS'
    reason: str = ''
    protected: bool = False
    text: str = ''
    template: dict = dataclasses.field(default_factory=lambda: {'Resources': {}})
    parameters: dict = dataclasses.field(default_factory=dict)
    tags: list = dataclasses.field(default_factory=list)
    outputs: list = dataclasses.field(default_factory=list)
    made: dict = dataclasses.field(default_factory=dict)
    events: list = dataclasses.field(default_factory=list)
    # The update whose rollback has stopped, in UPDATE_ROLLBACK_FAILED.
    stopped: object = None
    created: datetime.datetime = dataclasses.field(default_factory=now)

    def say(self, status, reason=''):
        """Sets the stack's own status, with an event."""
        self.note(self.name, 'AWS::CloudFormation::Stack', self.stack_id, status, reason)
        self.status, self.reason = status, reason

    def note(self, logical, kind, physical, status, reason=''):
        """Adds an event."""
        self.events.append(
            {
                'StackId': self.stack_id,
                'StackName': self.name,
                'EventId': str(uuid.uuid4()),
                'LogicalResourceId': logical,
                'PhysicalResourceId': physical,
                'ResourceType': kind,
                'Timestamp': now(),
                'ResourceStatus': status,
                'ResourceStatusReason': reason[:1000],
            }
        )


def new_stack(name):
    return Stack(name, arn('cloudformation', f'stack/{name}/{uuid.uuid4()}'))


class World:
    """The surroundings of a deployment: AWS's services, custom resources, planted faults, and resources that were left behind."""

    def __init__(self, aws, custom, log):
        self.aws, self.custom, self.log = aws, custom, log
        self.planted = {}
        self.retained = []

    def fail(self, stack, action, kind):
        """Raises the fault that is planted for the next `create`, `update` or `delete` of a type in a stack."""
        message = self.planted.pop((stack.name, action, kind), None)
        if message is not None:
            raise Failed(message)

    def create(self, stack, logical, kind, properties):
        self.fail(stack, 'create', kind)
        if kind.startswith('Custom::'):
            return self.custom.ask('Create', stack.stack_id, logical, kind, properties)
        handlers = type_of(kind)
        return handlers.make(self.aws, handlers.name(stack.name, logical), properties)

    def change(self, stack, logical, made, properties):
        self.fail(stack, 'update', made.kind)
        if made.kind.startswith('Custom::'):
            given = (stack.stack_id, logical, made.kind, properties, made.physical, made.properties)
            return self.custom.ask('Update', *given)
        type_of(made.kind).change(self.aws, made, made.properties, properties)
        return made.physical, made.attributes

    def delete(self, stack, logical, made):
        """Deletes a resource with its events, also if the deletion fails. Returns whether it is gone."""
        stack.note(logical, made.kind, made.physical, 'DELETE_IN_PROGRESS')
        try:
            self.fail(stack, 'delete', made.kind)
            if made.kind.startswith('Custom::'):
                self.custom.ask('Delete', stack.stack_id, logical, made.kind, made.properties, made.physical)
            else:
                type_of(made.kind).delete(self.aws, made, made.properties)
        except Exception as error:
            stack.note(logical, made.kind, made.physical, 'DELETE_FAILED', self.reason(error))
            return False
        stack.note(logical, made.kind, made.physical, 'DELETE_COMPLETE')
        return True

    def retain(self, stack, logical, made, why):
        self.retained.append({'stack': stack.name, 'why': why, 'type': made.kind, 'id': made.physical})
        stack.note(logical, made.kind, made.physical, 'DELETE_SKIPPED')

    def reason(self, error):
        """Words an error as AWS does. An error of the emulator itself is named as such, with its place in the log."""
        if isinstance(error, Failed):
            return str(error)
        self.log(''.join(traceback.format_exception(error)))
        return f'The rehearsal itself failed: {type(error).__name__}: {error}'

    def identifiers(self):
        """Lists the resources that can be imported: Keyspaces' existing keyspaces and tables."""
        keyspaces = self.aws.call('keyspaces', 'ListKeyspaces')['keyspaces']
        found = {('AWS::Cassandra::Keyspace', one['keyspaceName']) for one in keyspaces}
        for one in keyspaces:
            tables = self.aws.call('keyspaces', 'ListTables', keyspaceName=one['keyspaceName'])['tables']
            found |= {('AWS::Cassandra::Table', f'{one["keyspaceName"]}|{table["tableName"]}') for table in tables}
        return found

    def resolver(self, stack, template, parameters):
        given = {}
        for name, parameter in template.get('Parameters', {}).items():
            value = parameters.get(name, parameter.get('Default'))
            if parameter['Type'].startswith('AWS::SSM::Parameter::Value'):
                value = self.aws.call('ssm', 'GetParameter', Name=value)['Parameter']['Value']
            given[name] = value
        pseudo = {
            'AWS::Region': REGION,
            'AWS::AccountId': ACCOUNT,
            'AWS::Partition': 'aws',
            'AWS::URLSuffix': 'amazonaws.com',
            'AWS::StackName': stack.name,
            'AWS::StackId': stack.stack_id,
            'AWS::NoValue': None,
        }
        return Resolver(template, stack.made, pseudo, given)


class Deployment:
    """One creation or update of a stack."""

    def __init__(self, world, stack, change_set):
        self.world, self.stack, self.given = world, stack, change_set
        self.template = change_set.template
        self.first = stack.status == 'REVIEW_IN_PROGRESS'
        self.resolver = world.resolver(stack, self.template, change_set.parameters)
        self.created, self.imported = [], []
        self.before = {}
        self.back = 'ROLLBACK' if self.first else 'UPDATE_ROLLBACK'
        # The resources that could not be restored, and the reason of the rollback.
        self.failed, self.reason = [], ''

    def run(self):
        """Brings the stack to the template, or back to its earlier state."""
        word = 'CREATE' if self.first else 'UPDATE'
        self.stack.say(f'{word}_IN_PROGRESS', 'User Initiated')
        try:
            for logical in order(self.template, update=not self.first):
                self._step(logical)
            self.stack.outputs = self._outputs()
            self._clean_up()
        except Exception as error:
            self._roll_back(self.world.reason(error))
            return
        self.stack.text, self.stack.template = self.given.text, self.template
        self.stack.parameters, self.stack.tags = self.given.parameters, self.given.tags
        self.stack.say(f'{word}_COMPLETE')

    def _step(self, logical):
        part = self.template['Resources'][logical]
        if not self.resolver.wanted(part):
            return
        kind, made = part['Type'], self.stack.made.get(logical)
        try:
            properties = self.resolver.resolve(part.get('Properties', {}))
            if made is None:
                self._create(logical, kind, properties)
            elif properties != made.properties:
                self._update(logical, kind, made, properties)
        except Exception as error:
            word = 'CREATE' if made is None else 'UPDATE'
            physical = '' if made is None else made.physical
            self.stack.note(logical, kind, physical, f'{word}_FAILED', self.world.reason(error))
            raise
        now_made = self.stack.made[logical]
        now_made.deletion = part.get('DeletionPolicy', 'Delete')
        now_made.replacement = part.get('UpdateReplacePolicy', 'Delete')

    def _create(self, logical, kind, properties):
        self.stack.note(logical, kind, '', 'CREATE_IN_PROGRESS')
        _refuse_faults(kind, properties)
        existing = self._existing(logical, kind, properties)
        if existing is None:
            self.created.append(logical)
            try:
                made = self.world.create(self.stack, logical, kind, properties)
            except Refused as error:
                self.stack.made[logical] = Made(kind, error.physical, {}, properties, 'Delete', 'Delete')
                raise
        else:
            made = existing, {}
            self.imported.append(logical)
        self.stack.made[logical] = Made(kind, *made, properties, 'Delete', 'Delete')
        done = 'CREATE_COMPLETE' if existing is None else 'IMPORT_COMPLETE'
        self.stack.note(logical, kind, made[0], done)

    def _existing(self, logical, kind, properties):
        """Finds the resources to import instead of creating them. Their names must be literal in the template, which must retain them."""
        part = self.template['Resources'][logical]
        if not self.given.import_existing or kind not in IMPORTED or 'DeletionPolicy' not in part:
            return None
        names = [part['Properties'].get(name) for name in ('KeyspaceName', 'TableName') if name in properties]
        if not all(isinstance(name, str) for name in names):
            return None
        identifier = '|'.join(names)
        return identifier if (kind, identifier) in self.world.identifiers() else None

    def _update(self, logical, kind, made, properties):
        if kind != made.kind:
            raise Failed(f'Update of resource type is not permitted ({made.kind} to {kind})')
        _refuse_faults(kind, properties)
        self.before[logical] = copy.copy(made)
        if schemas.replaces(kind, made.properties, properties):
            why = 'Requested update requires the creation of a new physical resource; hence creating one.'
            self.stack.note(logical, kind, made.physical, 'UPDATE_IN_PROGRESS', why)
            made.physical, made.attributes = self.world.create(self.stack, logical, kind, properties)
        else:
            self.stack.note(logical, kind, made.physical, 'UPDATE_IN_PROGRESS')
            made.physical, made.attributes = self.world.change(self.stack, logical, made, properties)
        made.properties = properties
        self.stack.note(logical, kind, made.physical, 'UPDATE_COMPLETE')

    def _clean_up(self):
        """Deletes replaced resources, and those that the template no longer has."""
        if self.first:
            return
        self.stack.say('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS')
        for logical, old in reversed(self.before.items()):
            if old.physical == self.stack.made[logical].physical:
                continue
            if old.replacement.startswith('Retain'):
                self.world.retain(self.stack, logical, old, 'replaced')
            else:
                self.world.delete(self.stack, logical, old)
        for logical in backwards(self.stack):
            part = self.template['Resources'].get(logical)
            if part is not None and self.resolver.wanted(part):
                continue
            old = self.stack.made.pop(logical)
            if old.deletion.startswith('Retain'):
                self.world.retain(self.stack, logical, old, 'removed from the template')
            else:
                self.world.delete(self.stack, logical, old)

    def _outputs(self):
        return [
            {'OutputKey': name, 'OutputValue': str(self.resolver.resolve(output['Value']))}
            | ({'Description': output['Description']} if 'Description' in output else {})
            for name, output in self.template.get('Outputs', {}).items()
            if self.resolver.wanted(output)
        ]

    def _roll_back(self, reason):
        self.reason = reason
        self.stack.say(f'{self.back}_IN_PROGRESS', reason)
        self._go_back()

    def continue_rollback(self, skipped):
        """Continues a stopped rollback. The resources `skipped` stay as they are, and are recorded as restored."""
        self.stack.say(f'{self.back}_IN_PROGRESS', 'User Initiated')
        for logical in skipped:
            self._put_back(logical, self.before.pop(logical))
        self._go_back()

    def _go_back(self):
        for logical, old in list(self.before.items()):
            if not self._restore(logical, old):
                self.stack.stopped, self.failed = self, [logical]
                self.stack.say(f'{self.back}_FAILED', f'The following resource(s) failed to update: [{logical}].')
                return
            del self.before[logical]
        for logical in self.imported:
            del self.stack.made[logical]
        for logical in reversed([one for one in self.created if one in self.stack.made]):
            made = self.stack.made.pop(logical)
            # RetainExceptOnCreate does not keep a resource that the rolled-back operation itself created; Retain does.
            part = self.template['Resources'][logical]
            if part.get('DeletionPolicy') == 'Retain':
                self.world.retain(self.stack, logical, made, 'rolled back')
            else:
                self.world.delete(self.stack, logical, made)
        self.stack.stopped = None
        self.stack.say(f'{self.back}_COMPLETE', self.reason)

    def _restore(self, logical, old):
        """Restores a resource whose update was done or tried. Returns whether that succeeded."""
        tried = self.stack.made[logical]
        if tried.physical == old.physical:
            try:
                # A custom resource whose update failed gets the requested properties as the old ones.
                asked = self._asked(logical, tried, old)
                self.world.change(self.stack, logical, dataclasses.replace(tried, properties=asked), old.properties)
            except Exception as error:
                self.stack.note(logical, old.kind, old.physical, 'UPDATE_FAILED', self.world.reason(error))
                return False
        self._put_back(logical, old)
        if tried.physical != old.physical:
            self.world.delete(self.stack, logical, tried)
        return True

    def _put_back(self, logical, old):
        self.stack.made[logical] = old
        self.stack.note(logical, old.kind, old.physical, 'UPDATE_COMPLETE')

    def _asked(self, logical, tried, old):
        if tried.properties != old.properties:
            return tried.properties
        return self.resolver.resolve(self.template['Resources'][logical].get('Properties', {}))


def delete(world, stack):
    """Deletes a stack's resources, except those to be retained."""
    stack.say('DELETE_IN_PROGRESS', 'User Initiated')
    left = []
    for logical in backwards(stack):
        made = stack.made[logical]
        if made.deletion.startswith('Retain'):
            world.retain(stack, logical, made, 'stack deleted')
        elif not world.delete(stack, logical, made):
            left.append(logical)
            continue
        del stack.made[logical]
    if left:
        stack.say('DELETE_FAILED', f'The following resource(s) failed to delete: [{", ".join(left)}].')
    else:
        stack.say('DELETE_COMPLETE')


def backwards(stack):
    """Lists the existing resources, each before those that it needs."""
    needed = needs(stack.template) if stack.template['Resources'] else {}
    left, done = dict(stack.made), []
    while left:
        free = [one for one in left if not any(one in needed.get(other, ()) for other in left if other != one)]
        for one in free or list(left):
            done.append(one)
            del left[one]
    return done


def _refuse_faults(kind, properties):
    found = schemas.faults(kind, properties)
    if found:
        raise Failed(f'Properties validation failed: {"; ".join(found)}')
