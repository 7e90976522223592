import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { Acceptances } from '../../../../functions/ingest/pipeline/acceptances.ts';

/** Refuses rows that were all first seen by an invocation which began now. */
const refuseAll = (acceptances: Acceptances, rows: readonly string[]): void => {
  const since = acceptances.count;
  for (const row of rows) acceptances.refuse(row, since);
};
const rowsOf = (count: number): string[] => Array.from({ length: count }, (_, n) => `row ${n}`);

test('a statement that has accepted nothing yet is itself at fault, and no row is', () => {
  const acceptances = new Acceptances();
  ok(!acceptances.blames('row 0'));
  refuseAll(acceptances, ['row 0']);
  ok(!acceptances.blames('row 0'));
});

test('accepted requests are counted, and refused ones are not', () => {
  const acceptances = new Acceptances();
  acceptances.accept();
  refuseAll(acceptances, ['row 0']);
  acceptances.accept();
  strictEqual(acceptances.count, 2);
});

test('refused rows are at fault, however many they are, where a request was accepted since their invocation began', () => {
  for (const accepted of ['before them', 'behind them']) {
    const acceptances = new Acceptances();
    const since = acceptances.count;
    if (accepted === 'before them') acceptances.accept();
    for (const row of rowsOf(30)) acceptances.refuse(row, since);
    if (accepted === 'behind them') acceptances.accept();
    ok(rowsOf(30).every((row) => acceptances.blames(row)));
  }
});

test('of rows refused after the last acceptance the first three are at fault, and with a fourth the statement is', () => {
  const acceptances = new Acceptances();
  acceptances.accept();
  const blamed = rowsOf(5).map((row) => {
    refuseAll(acceptances, [row]);
    return acceptances.blames(row);
  });
  deepStrictEqual(blamed, [true, true, true, false, false]);
});

test('an accepted request ends the refusals in a row, so that the next three rows are at fault again', () => {
  const acceptances = new Acceptances();
  acceptances.accept();
  refuseAll(acceptances, rowsOf(4));
  ok(!acceptances.blames('row 3'));
  acceptances.accept();
  refuseAll(acceptances, ['another']);
  ok(acceptances.blames('another'));
});

test('a row that waited is at fault when it is refused again after another was accepted meanwhile', () => {
  const acceptances = new Acceptances();
  acceptances.accept();
  refuseAll(acceptances, rowsOf(5));
  ok(!acceptances.blames('row 4'));
  acceptances.accept();
  refuseAll(acceptances, [...rowsOf(5), 'seen for the first time']);
  ok(acceptances.blames('row 4'));
  ok(!acceptances.blames('seen for the first time'));
});

test('a thousand refused rows are remembered, and the oldest is forgotten for one more', () => {
  const acceptances = new Acceptances();
  acceptances.accept();
  refuseAll(acceptances, ['oldest', ...rowsOf(996)]);
  acceptances.accept();
  // With these a thousand are remembered. There are more than three refusals in a row: only a row that is remembered is at fault.
  refuseAll(acceptances, ['a', 'b', 'c', 'a']);
  ok(acceptances.blames('oldest'));
  refuseAll(acceptances, ['d']);
  ok(!acceptances.blames('oldest'));
  ok(acceptances.blames('row 0'));
});
