import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { shortened } from '../../../functions/migrate/answer.ts';
import { providerFramework } from '../../support/provider-framework.ts';

const where = 'the log group /aws/lambda/migrate';

test('a short message is left as it is', () => {
  const message = 'the tables differ:\n  - one\n  - another';
  strictEqual(shortened(message, where), message);
});

test('a message of many lines keeps those that fit, and says how many more there are and where', () => {
  const lines = Array.from(
    { length: 100 },
    (_, n) => `  - ks.table has no column number_${n} text`,
  );
  const told = shortened(['the tables differ:', ...lines].join('\n'), where).split('\n');
  deepStrictEqual(told.slice(1, 3), lines.slice(0, 2));
  const kept = told.length - 2;
  strictEqual(told.at(-1), `… and ${100 - kept} more lines, in ${where}`);
});

test('one endless line is cut, and the message says where the whole is', () => {
  const told = shortened(`making the table failed: ${'"\\'.repeat(10_000)}`, where);
  match(told, /…\nThe whole message is in the log group/);
});

for (const [what, text] of [
  ['of any characters', fc.string({ unit: 'binary', maxLength: 9_000 })],
  ['of many lines', fc.array(fc.string(), { maxLength: 900 }).map((lines) => lines.join('\n'))],
] as const)
  test(`a message ${what} becomes an answer that CloudFormation takes, by CDK’s framework, with the longest names`, async () => {
    await fc.assert(
      fc.asyncProperty(text, async (message) => {
        const ask = providerFramework(() => {
          const error = new Error(shortened(message, `the log group ${'g'.repeat(512)}`));
          return Promise.reject(Object.assign(error, { stack: 'Error' }));
        });
        const { Status, bytes } = await ask({ RequestType: 'Create' });
        strictEqual(Status, 'FAILED');
        ok(bytes <= 4_096, `${bytes} bytes`);
      }),
      { numRuns: 60 },
    );
  });
