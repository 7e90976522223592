import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hrefOf, readRoute } from '../../../../../cli/console/page/route.ts';

test('an address without a screen is that of the first', () => {
  for (const hash of ['', '#', '#/'])
    deepStrictEqual(readRoute(hash), { screen: 'now', filters: {} });
});

test('an address that nobody has written by the page’s own hand is read as far as it can be', () => {
  deepStrictEqual(readRoute('#/rejected?detail=why?&reason=%E0%A4%A'), {
    screen: 'rejected',
    filters: { detail: 'why?', reason: '\ufffd%A' },
  });
});

test('filters that are empty do not stand in the address', () => {
  strictEqual(
    hrefOf('rejected', { reason: 'late', detail: '', since: undefined }),
    '#/rejected?reason=late',
  );
});

test('whatever filters hold, the address gives them back', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string({ minLength: 1 }), fc.string({ minLength: 1, unit: 'binary' })),
      (filters) => {
        const read = readRoute(hrefOf('rejected', filters));
        deepStrictEqual({ ...read.filters }, { ...filters });
        strictEqual(read.screen, 'rejected');
      },
    ),
  );
});
