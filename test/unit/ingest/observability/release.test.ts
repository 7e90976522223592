import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { releaseOf } from '../../../../functions/ingest/observability/release.ts';

test('the commit is the variable COMMIT, and unknown where it is empty or not there', () => {
  const commits = [{ COMMIT: '0123456789ab-dirty' }, { COMMIT: '' }, {}].map(
    (environment) => releaseOf(environment).commit,
  );
  deepStrictEqual(commits, ['0123456789ab-dirty', 'unknown', 'unknown']);
});

test('outside a bundle the version is unknown', () => {
  deepStrictEqual(releaseOf({}).version, 'unknown');
});
