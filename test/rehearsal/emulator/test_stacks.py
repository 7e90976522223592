"""Tests the emulator by CloudFormation's documents: order, rollback, replacement and retention."""

import json
import threading
import unittest
import unittest.mock

from custom_resources import Answers, CustomResources
from cloudformation_service import CloudFormation
from errors import Failed
from keyspaces_service import Keyspaces
from lambda_service import Lambda
from services import Aws
from stacks import Deployment, World, delete
from template import order


class Functions:
    """A Lambda whose one function answers CloudFormation as a test says."""

    def __init__(self, answers):
        self.answers, self.status, self.reason, self.asked = answers, 'SUCCESS', '', []

    def Invoke(self, _, event):
        self.asked.append(event['RequestType'])
        # CloudFormation accepts any answer to a deletion.
        status = 'SUCCESS' if event['RequestType'] == 'Delete' else self.status
        answer = {'Status': status, 'Reason': self.reason, 'PhysicalResourceId': 'physical', 'Data': {}}
        self.answers.put(event['RequestId'], json.dumps(answer))
        return None, None


class Runner:
    def run(self, *_):
        raise AssertionError('no function is run here')


def keyspace(name, policy='Delete'):
    properties = {'KeyspaceName': name}
    return {
        'Type': 'AWS::Cassandra::Keyspace',
        'Properties': properties,
        'DeletionPolicy': policy,
        'UpdateReplacePolicy': policy,
    }


MAPPING = {
    'Type': 'AWS::Lambda::EventSourceMapping',
    'Properties': {
        'FunctionName': 'ingest',
        'EventSourceArn': 'arn:aws:kafka:eu-west-1:111122223333:cluster/c/00000000-0000-4000-8000-000000000000-1',
        'Topics': ['first'],
        'StartingPosition': 'TRIM_HORIZON',
        'AmazonManagedKafkaEventSourceConfig': {'ConsumerGroupId': 'group'},
    },
}
TABLE = {
    'Type': 'AWS::Cassandra::Table',
    'Properties': {
        'KeyspaceName': 'events',
        'TableName': 'clicks',
        'PartitionKeyColumns': [{'ColumnName': 'id', 'ColumnType': 'uuid'}],
        'RegularColumns': [{'ColumnName': 'page', 'ColumnType': 'text'}],
    },
    'DependsOn': 'Keyspace',
    'DeletionPolicy': 'Retain',
}
TABLES = {'Type': 'Custom::CassandraTables', 'Properties': {'ServiceToken': 'arn', 'Ttl': 1}}


def changed(resource, **properties):
    return {**resource, 'Properties': {**resource['Properties'], **properties}}


class Stacks(unittest.TestCase):
    def setUp(self):
        self.keyspaces = Keyspaces()
        self.lambdas = Lambda(Runner(), None)
        self.lambdas.functions['ingest'] = {'FunctionName': 'ingest', 'FunctionArn': 'arn:ingest'}
        answers = Answers('http://127.0.0.1')
        self.functions = Functions(answers)
        aws = Aws('http://127.0.0.1', {'keyspaces': self.keyspaces, 'lambda': self.lambdas})
        self.world = World(aws, CustomResources(self.functions, answers), lambda _: None)
        self.cloudformation = CloudFormation(self.world, None)

    def deploy(self, resources, **options):
        """Brings the test's stack to these resources; returns it."""
        stack = next((one for one in self.cloudformation.stacks.values() if one.status != 'DELETE_COMPLETE'), None)
        kind = 'CREATE' if stack is None else 'UPDATE'
        text = json.dumps({'Resources': resources})
        made = self.cloudformation.CreateChangeSet('stack', 'change', kind, TemplateBody=text, **options)
        change_set = self.cloudformation._change_set(made['Id'], None)
        Deployment(self.world, change_set.stack, change_set).run()
        return change_set.stack

    def plant(self, action, kind):
        self.world.planted[('stack', action, kind)] = 'planted'

    def test_a_first_deploy_that_fails_keeps_what_has_Retain_and_not_what_has_RetainExceptOnCreate(self):
        for policy, left in (('Retain', {'events'}), ('RetainExceptOnCreate', set()), ('Delete', set())):
            with self.subTest(policy):
                self.setUp()
                self.plant('create', 'AWS::Lambda::EventSourceMapping')
                mapping = {**MAPPING, 'DependsOn': 'Keyspace'}
                stack = self.deploy({'Keyspace': keyspace('events', policy), 'Mapping': mapping})
                self.assertEqual(stack.status, 'ROLLBACK_COMPLETE')
                self.assertEqual(set(self.keyspaces.keyspaces), left)

    def test_a_deleted_stack_keeps_what_has_RetainExceptOnCreate(self):
        stack = self.deploy({'Keyspace': keyspace('events', 'RetainExceptOnCreate')})
        delete(self.world, stack)
        self.assertEqual(stack.status, 'DELETE_COMPLETE')
        self.assertEqual(set(self.keyspaces.keyspaces), {'events'})

    def test_a_name_that_is_taken_fails_the_creation_unless_it_is_imported(self):
        self.keyspaces.CreateKeyspace('events')
        stack = self.deploy({'Keyspace': keyspace('events', 'Retain')})
        self.assertEqual(stack.status, 'ROLLBACK_COMPLETE')
        self.assertIn("'events' already exists", stack.reason)
        self.setUp()
        self.keyspaces.CreateKeyspace('events')
        stack = self.deploy({'Keyspace': keyspace('events', 'Retain')}, ImportExistingResources=True)
        self.assertEqual(stack.status, 'CREATE_COMPLETE')

    def test_a_create_only_property_replaces_and_the_old_one_goes_or_stays_by_its_policy(self):
        for policy, left in (('Delete', {'two'}), ('Retain', {'one', 'two'})):
            with self.subTest(policy):
                self.setUp()
                self.deploy({'Keyspace': keyspace('one', policy)})
                stack = self.deploy({'Keyspace': keyspace('two', policy)})
                self.assertEqual(stack.status, 'UPDATE_COMPLETE')
                self.assertEqual(set(self.keyspaces.keyspaces), left)

    def test_an_update_that_fails_leaves_what_was_there_before(self):
        self.deploy({'Keyspace': keyspace('one'), 'Mapping': MAPPING})
        self.plant('update', 'AWS::Lambda::EventSourceMapping')
        mapping = {**changed(MAPPING, BatchSize=5), 'DependsOn': 'Keyspace'}
        stack = self.deploy({'Keyspace': keyspace('two'), 'Mapping': mapping})
        self.assertEqual(stack.status, 'UPDATE_ROLLBACK_COMPLETE')
        self.assertEqual(set(self.keyspaces.keyspaces), {'one'})
        self.assertEqual(stack.made['Mapping'].properties, MAPPING['Properties'])

    def test_another_topic_is_said_to_be_updated_and_is_not(self):
        self.deploy({'Mapping': MAPPING})
        stack = self.deploy({'Mapping': changed(MAPPING, Topics=['second'])})
        self.assertEqual(stack.status, 'UPDATE_COMPLETE')
        self.assertEqual([one['Topics'] for one in self.lambdas.mappings.values()], [['first']])

    def test_a_second_mapping_of_function_cluster_and_topic_is_a_conflict(self):
        stack = self.deploy({'Mapping': MAPPING, 'Second': MAPPING})
        self.assertEqual(stack.status, 'ROLLBACK_COMPLETE')
        self.assertIn('409', stack.reason)
        self.assertEqual(self.lambdas.mappings, {})

    def test_a_custom_resource_that_fails_in_a_rollback_fails_the_rollback(self):
        self.deploy({'Tables': TABLES})
        self.functions.status, self.functions.reason = 'FAILED', 'the table differs'
        stack = self.deploy({'Tables': changed(TABLES, Ttl=2)})
        self.assertEqual(stack.status, 'UPDATE_ROLLBACK_FAILED')
        self.assertEqual(self.functions.asked, ['Create', 'Update', 'Update'])
        with self.assertRaisesRegex(Failed, 'UPDATE_ROLLBACK_FAILED state and can not be updated'):
            self.deploy({'Tables': TABLES})

    def continue_rollback(self, *skipped):
        """Lets the stack's rollback go on and end."""
        with unittest.mock.patch.object(threading.Thread, 'start', threading.Thread.run):
            self.cloudformation.ContinueUpdateRollback('stack', list(skipped))

    def columns(self):
        return [one['name'] for one in self.keyspaces.keyspaces['events']['clicks']['schemaDefinition']['allColumns']]

    def stop_after_a_column(self):
        """Makes a stack in UPDATE_ROLLBACK_FAILED: its table has an additional column, and its mapping cannot be updated."""
        mapping = {**MAPPING, 'DependsOn': 'Table'}
        before = {'Keyspace': keyspace('events', 'Retain'), 'Table': TABLE, 'Mapping': mapping}
        columns = [*TABLE['Properties']['RegularColumns'], {'ColumnName': 'added', 'ColumnType': 'text'}]
        after = {**before, 'Table': changed(TABLE, RegularColumns=columns), 'Mapping': changed(mapping, BatchSize=5)}
        self.deploy(before)
        self.plant('update', 'AWS::Lambda::EventSourceMapping')
        return self.deploy(after), after

    def test_a_column_that_was_added_fails_the_rollback_for_Keyspaces_removes_none(self):
        stack, _ = self.stop_after_a_column()
        self.assertEqual(stack.status, 'UPDATE_ROLLBACK_FAILED')
        self.assertEqual(stack.reason, 'The following resource(s) failed to update: [Table].')
        self.assertEqual(self.columns(), ['id', 'page', 'added'])

    def test_a_rollback_that_has_stopped_goes_on_only_without_what_has_failed_in_it(self):
        stack, _ = self.stop_after_a_column()
        self.continue_rollback()
        self.assertEqual(stack.status, 'UPDATE_ROLLBACK_FAILED')
        with self.assertRaisesRegex(Failed, "cannot be skipped: .'Mapping'"):
            self.continue_rollback('Mapping')
        self.continue_rollback('Table')
        self.assertEqual(stack.status, 'UPDATE_ROLLBACK_COMPLETE')
        self.assertEqual(stack.made['Table'].properties, TABLE['Properties'])
        self.assertEqual(stack.made['Mapping'].properties, MAPPING['Properties'])
        self.assertEqual(self.columns(), ['id', 'page', 'added'])
        with self.assertRaisesRegex(Failed, 'is in UPDATE_ROLLBACK_COMPLETE state and can not continue rollback'):
            self.continue_rollback()

    def test_a_resource_that_was_skipped_is_not_what_its_stack_takes_it_for_until_it_is_imported(self):
        stack, after = self.stop_after_a_column()
        self.continue_rollback('Table')
        self.assertEqual(self.deploy(after).status, 'UPDATE_ROLLBACK_FAILED')
        self.assertIn('has the columns already: added', stack.stopped.reason)
        self.continue_rollback('Table')
        self.deploy({'Mapping': MAPPING})
        self.assertEqual(self.deploy(after, ImportExistingResources=True).status, 'UPDATE_COMPLETE')
        self.assertEqual(self.columns(), ['id', 'page', 'added'])

    def test_a_custom_resource_whose_creation_failed_is_asked_to_delete(self):
        self.functions.status = 'FAILED'
        self.assertEqual(self.deploy({'Tables': TABLES}).status, 'ROLLBACK_COMPLETE')
        self.assertEqual(self.functions.asked, ['Create', 'Delete'])

    def test_an_answer_over_4096_bytes_fails_its_resource(self):
        self.functions.reason = 'r' * 4096
        self.assertIn('Response object is too long', self.deploy({'Tables': TABLES}).reason)

    def test_a_stack_with_termination_protection_is_not_deleted(self):
        self.deploy({'Keyspace': keyspace('events')})
        self.cloudformation.UpdateTerminationProtection('stack', True)
        with self.assertRaisesRegex(Failed, 'TerminationProtection is enabled'):
            self.cloudformation.DeleteStack('stack')

    def test_what_runs_is_made_before_what_it_does_not_name(self):
        stack = self.deploy({'Keyspace': keyspace('events'), 'Tables': TABLES})
        self.assertEqual(list(stack.made), ['Tables', 'Keyspace'])

    def test_in_an_update_a_function_comes_before_what_it_does_not_name(self):
        function = {'Type': 'AWS::Lambda::Function'}
        for more, wanted in (({}, ['Function', 'Tables']), ({'DependsOn': 'Tables'}, ['Tables', 'Function'])):
            resources = {'Tables': TABLES, 'Function': {**function, **more}}
            self.assertEqual(order({'Resources': resources}, update=True), wanted)


if __name__ == '__main__':
    unittest.main()
