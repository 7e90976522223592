"""Tests that the check of templates finds each fault that is planted in a sound template."""

import copy
import json
import pathlib
import unittest

from check_templates import check

BEFORE = pathlib.Path(__file__).parent.parent / 'before'


def template(name):
    return json.loads((BEFORE / f'{name}.template.json').read_text())


def of_type(given, kind):
    return next(one for one in given['Resources'].values() if one['Type'] == kind)


PLANTED = {
    'a property that CloudFormation does not know': ('AWS::SQS::Queue', 'Colour', 'red', 'Colour'),
    'a number below what the API takes': ('AWS::Lambda::EventSourceMapping', 'BatchSize', 0, 'BatchSize'),
    'a number above what the API takes': ('AWS::Lambda::EventSourceMapping', 'BatchSize', 10_001, 'BatchSize'),
    'a text where a number belongs': ('AWS::Lambda::Function', 'MemorySize', 'much', 'MemorySize'),
    'a value that the API does not list': ('AWS::Lambda::EventSourceMapping', 'StartingPosition', 'SOON', 'SOON'),
    'a text that does not match the pattern': ('AWS::Lambda::EventSourceMapping', 'EventSourceArn', 'cluster', 'does not match'),
    'a list with too much in it': ('AWS::Lambda::EventSourceMapping', 'Topics', ['a', 'b'], 'Topics'),
    'a required property that is not given': ('AWS::Lambda::EventSourceMapping', 'FunctionName', None, 'FunctionName'),
    'a table without a type for a column': (
        'AWS::Cassandra::Table',
        'PartitionKeyColumns',
        [{'ColumnName': 'user_id'}],
        'ColumnType',
    ),
    'variables over 4 KB': ('AWS::Lambda::Function', 'Environment', {'Variables': {'A': 'a' * 4100}}, 'variables of 4108 bytes'),
    'an attribute that a resource has not': (
        'AWS::Lambda::EventSourceMapping',
        'FunctionName',
        {'Fn::GetAtt': ['IngestFunctionB02ED0EB', 'Nothing']},
        'has no attribute Nothing',
    ),
    'a policy that is too long': (
        'AWS::IAM::Policy',
        'PolicyDocument',
        {'Version': '2012-10-17', 'Statement': [{'Effect': 'Allow', 'Action': 'a:b', 'Resource': 'r' * 11_000}]},
        'policies of',
    ),
}


class CheckTemplates(unittest.TestCase):
    def test_a_sound_template_has_no_fault(self):
        for name in ('prod', 'cassandra', 'own-key', 'demo'):
            faults, calls = check(template(name))
            self.assertEqual(faults, [])
            self.assertGreater(calls, 20)

    def test_a_planted_fault_is_found(self):
        for what, (kind, name, value, word) in PLANTED.items():
            with self.subTest(what):
                planted = copy.deepcopy(template('own-key'))
                properties = of_type(planted, kind)['Properties']
                if value is None:
                    del properties[name]
                else:
                    properties[name] = value
                faults, _ = check(planted)
                self.assertTrue(any(word in fault for fault in faults), f'{what}: {faults}')


if __name__ == '__main__':
    unittest.main()
