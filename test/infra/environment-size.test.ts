import { strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { Aws } from 'aws-cdk-lib';
import { environmentBytes } from '../../infra/environment-size.ts';

test('variables are measured as JSON: a quote and a line break are two bytes, and a letter outside ASCII its UTF-8', () => {
  strictEqual(environmentBytes({}), 2);
  strictEqual(environmentBytes({ A: '' }), '{"A":""}'.length);
  strictEqual(environmentBytes({ A: '"\nä' }), '{"A":""}'.length + 2 + 2 + 2);
});

test('a value that only the deploy knows counts as the longest that it can be', () => {
  strictEqual(environmentBytes({ A: Aws.REGION }), '{"A":""}'.length + 32);
  strictEqual(environmentBytes({ A: `x${Aws.REGION}` }), '{"A":""}'.length + 33);
});
