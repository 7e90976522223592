// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation has its own ${…} in texts.
import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { resolveValue } from '../../../src/template/resolve.ts';

const template = {
  Parameters: {
    Stage: { Default: 'dev' },
    Bare: {},
    Topics: { Type: 'CommaDelimitedList', Default: 'a,b' },
    None: { Type: 'CommaDelimitedList' },
    Ssm: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/the/name' },
  },
};

for (const [value, resolved] of [
  ['text', 'text'],
  [7, 7],
  [
    { a: 1, b: 2 },
    { a: 1, b: 2 },
  ],
  [{ Ref: 'Stage' }, 'dev'],
  [{ Ref: 'Bare' }, undefined],
  [{ Ref: 'Table' }, undefined],
  [{ Ref: 'Topics' }, ['a', 'b']],
  [{ Ref: 'None' }, undefined],
  // Its default is the name of a parameter, and no value.
  [{ Ref: 'Ssm' }, undefined],
  ['{{resolve:secretsmanager:kafka:SecretString:user}}', undefined],
  [{ 'Fn::ImportValue': 'Network-Brokers' }, undefined],
  [{ 'Fn::If': ['IsProd', 'a', 'b'] }, undefined],
  [{ Ref: 'AWS::AccountId' }, '000000000000'],
  [{ 'Fn::Join': ['-', ['a', { Ref: 'Stage' }]] }, 'a-dev'],
  [{ 'Fn::Join': ['-', ['a', { Ref: 'Table' }]] }, undefined],
  [{ 'Fn::Select': [1, { 'Fn::Split': ['.', 'a.b'] }] }, 'b'],
  [{ 'Fn::Sub': 'a-${Stage}-${!literal}' }, 'a-dev-${literal}'],
  [{ 'Fn::Sub': ['${X}/${AWS::Partition}', { X: { Ref: 'Stage' } }] }, 'dev/aws'],
  [{ 'Fn::Sub': '${Table.Arn}' }, undefined],
  [{ 'Fn::GetAtt': ['Table', 'Arn'] }, undefined],
  [[{ Ref: 'Stage' }], ['dev']],
  [[{ Ref: 'Table' }], undefined],
] as const)
  test(`${JSON.stringify(value)} of a template is ${JSON.stringify(resolved) ?? 'not known before a deployment'}`, () => {
    deepStrictEqual(resolveValue(template, value), resolved);
  });
