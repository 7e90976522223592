import { deepStrictEqual, throws } from 'node:assert/strict';
import { test } from 'node:test';
import { outputOf, pipelineOutputs } from '../../../../cli/stage/stack-outputs.ts';
import { outputNames } from '../../../../infra/output-names.ts';

const place = { name: 'stack Website', stackName: 'Website' };

/** Makes the outputs of a pipeline, each with its own key as its value. */
const outputsOf = (construct = '', end = '') =>
  outputNames.map((name) => ({
    OutputKey: `${construct}${name}${end}`,
    OutputValue: `${construct}${name}`,
  }));

test('the outputs of a stage are found by their names', () => {
  const found = pipelineOutputs(outputsOf(), place);
  deepStrictEqual(
    [...found],
    outputNames.map((name) => [name, name]),
  );
});

test('the outputs of a construct are found between its path and the characters of CDK, whatever else the stack has', () => {
  const found = pipelineOutputs(
    [
      { OutputKey: 'BucketName', OutputValue: 'a bucket' },
      { OutputKey: 'OtherFunctionName1A2B3C4D', OutputValue: 'another function' },
      ...outputsOf('ClicksEvents', '0A1B2C3D'),
    ],
    place,
  );
  deepStrictEqual(
    [...found],
    outputNames.map((name) => [name, `ClicksEvents${name}`]),
  );
});

test('of several pipelines the one is taken whose construct is named, by its path or without its slashes', () => {
  const both = [...outputsOf('Clicks', '0A1B2C3D'), ...outputsOf('ShopOrders', '1A2B3C4D')];
  for (const construct of ['Shop/Orders', 'ShopOrders'])
    deepStrictEqual(
      pipelineOutputs(both, { ...place, construct }).get('FunctionName'),
      'ShopOrdersFunctionName',
    );
  throws(() => pipelineOutputs(both, place), {
    message:
      'The stack Website has several pipelines: Clicks, ShopOrders. Name the one that is meant by --stack Website/<construct>.',
  });
  throws(
    () => pipelineOutputs(both, { ...place, construct: 'Order' }),
    /several pipelines: Clicks, ShopOrders/,
  );
});

test('a stack without outputs of a pipeline is told with the remedy', () => {
  throws(
    () => pipelineOutputs([{ OutputKey: 'FunctionName', OutputValue: 'another' }], place),
    /The stack Website has no outputs of a pipeline: deploy it by this version/,
  );
});

test('an output that an older version did not write is told by its name', () => {
  throws(() => outputOf(new Map(), 'Version', 'Website'), {
    message: 'The stack Website has no output Version: deploy it by this version first.',
  });
});
