import { deepStrictEqual, match, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { type SortRules, sortOut } from '../../../../cli/redrive/sort-out.ts';
import type { Mark } from '../../../../cli/tasks/marks.ts';
import { candidateAt } from '../../../support/candidates.ts';

const rules: SortRules = { task: 'this', told: null, again: false, tries: 3 };
const mark: Mark = {
  state: 'redriven',
  task: 'another',
  to: 'tables',
  tries: 1,
  at: new Date('2026-11-29T12:00:00Z'),
};

/** Tells in a word what becomes of a record with a mark. */
const become = (given: Mark | null, changes: Partial<SortRules> = {}, tries = 0): string => {
  const sorted = sortOut(candidateAt(7, { tries }), given, { ...rules, ...changes });
  if (sorted.kind === 'settled') return sorted.verdict.outcome;
  return `try ${sorted.ready.tries}${sorted.ready.mayHaveArrived ? ', may have arrived' : ''}`;
};

test('a record without a mark is redriven, and one without bytes is settled', () => {
  strictEqual(become(null), 'try 1');
  const gone = candidateAt(7, { found: { outcome: 'gone', detail: 'no longer there' } });
  deepStrictEqual(sortOut(gone, null, rules), {
    kind: 'settled',
    verdict: { outcome: 'gone', detail: 'no longer there' },
    isNews: true,
  });
});

test('a record that another task has redriven is left, unless it is to be redriven again', () => {
  strictEqual(become(mark), 'already redriven');
  strictEqual(become(mark, { again: true }), 'try 2');
  const sorted = sortOut(candidateAt(7), mark, rules);
  match(
    sorted.kind === 'settled' ? sorted.verdict.detail : '',
    /^task another has redriven it to the tables, 2026-11-29T12:00:00.*\(--again\)$/,
  );
});

test('a record that another task was sending is left to that task', () => {
  const sorted = sortOut(candidateAt(7), { ...mark, state: 'sending' }, rules);
  match(sorted.kind === 'settled' ? sorted.verdict.detail : '', /resume that task$/);
});

test('a task that goes on counts what it has redriven as it has told it, and otherwise its source has it twice', () => {
  const own = { ...mark, task: 'this' };
  strictEqual(become(own, { told: new Map() }), 'done');
  for (const [before, now] of [
    ['rejected', 'rejected'],
    ['failed', 'done'],
  ] as const)
    strictEqual(become(own, { told: new Map([[candidateAt(7).name, before]]) }), now);
  strictEqual(become(own), 'already redriven');
});

test('a record that was on its way to the topic is sent in the same try, and may have arrived', () => {
  const sending: Mark = { ...mark, task: 'this', state: 'sending', tries: 2 };
  strictEqual(become(sending, { told: new Map() }), 'try 2, may have arrived');
});

test('tries are counted over tasks, by the mark or by the record’s headers, and end at the most', () => {
  strictEqual(become({ ...mark, tries: 2 }, { again: true }), 'try 3');
  strictEqual(become({ ...mark, tries: 3 }, { again: true }), 'too many tries');
  strictEqual(become(null, {}, 3), 'too many tries');
  strictEqual(become(null, { tries: 4 }, 3), 'try 4');
});
