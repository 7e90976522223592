import { deepStrictEqual, match, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { Attribution } from '../../../../cli/verify/attribution.ts';
import { Counts } from '../../../../cli/verify/counts.ts';
import { whys } from '../../../../cli/verify/decide.ts';
import type { Finding, Header } from '../../../../cli/verify/findings-file.ts';
import { notesOf, printSummary, printSummaryJson } from '../../../../cli/verify/summary.ts';
import { findingsHeader } from '../../../support/findings.ts';

const maximum = { low: null, high: null };
const finding = (offset: number, given: Partial<Finding> = {}): Finding => ({
  ...{ type: 'finding', partition: 1, offset, timestamp: 1_700_000_000_000, maximum },
  ...{ kind: 'missing', why: whys.noRow },
  ...given,
});
const partition = { partition: 0, begin: 0, logEnd: 9, start: 0, end: 9, leadIn: 0 };
const range = { ...partition, checkpoint: 9, maximum };

const summarize = (
  counted: Record<string, number>,
  findings: readonly Finding[] = [],
  given: Partial<Header> = {},
) => {
  const attribution = new Attribution();
  for (const one of findings) attribution.add(one);
  const [header, counts] = [findingsHeader(given), new Counts(counted)];
  const lines: string[] = [];
  const output = {
    print: (line: string) => void lines.push(line),
    tell: (line: string) => void lines.push(line),
    progress() {},
  };
  const notes = notesOf(header, counts, attribution);
  return { output, lines, notes, result: { header, counts, attribution, notes } };
};

test('a summary for programs has the counters of cassandra-diff, and each cause with where it is', () => {
  const { output, lines, result } = summarize(
    {
      matched: 5,
      superseded: 1,
      'rejected late': 2,
      different: 3,
      missing: 4,
      waiting: 6,
      kept: 7,
    },
    [finding(3), finding(4)],
  );
  printSummaryJson(output, result);
  const summary = JSON.parse(lines.join(''));
  deepStrictEqual(
    [summary.matched, summary.mismatched, summary.only_in_source, summary.only_in_target],
    [8, 3, 4, null],
  );
  strictEqual(summary.skipped, 13);
  deepStrictEqual(summary.causes, [
    {
      ...{ kind: 'missing', why: whys.noRow, detail: '', count: 2 },
      partitions: { 1: 2 },
      hours: { '2023-11-14T22': 2 },
      examples: ['1/3', '1/4'],
    },
  ]);
});

test('a summary for people says that none is missing or different, and leaves out what is not there', () => {
  const { output, lines, result } = summarize({ matched: 1_234 });
  printSummary(output, result);
  const text = lines.join('\n');
  match(text, /matched: its row is as it must be +1,234/);
  match(text, /different +0/);
  match(text, /missing +0/);
  strictEqual(text.includes('waiting'), false);
});

test('findings in a row are told by their range, and others by examples', () => {
  const { output, lines, result } = summarize({ missing: 5 }, [
    ...[3, 4, 5].map((offset) => finding(offset)),
    ...[7, 11].map((offset) => finding(offset, { why: whys.noRejected })),
  ]);
  printSummary(output, result);
  const text = lines.join('\n');
  match(text, /3 missing: .*\n.*partitions 1 \(100 %\)\n.*hours .*\n +offsets 1\/3 to 5 in a row/);
  match(text, /2 missing: .*\n.*\n.*\n +such as 1\/7, 1\/11/);
});

test('what was not looked at, or was believed, is told in a sentence each', () => {
  const notesFor = (counted: Record<string, number>, given: Partial<Header> = {}): string =>
    summarize(counted, [], given).notes.join('\n');
  strictEqual(notesFor({ matched: 1 }, { partitions: [range] }), '');
  match(notesFor({ 'on trust': 2 }), /^On trust: whether 2 records were late/);
  match(notesFor({ unread: 1 }), /^Not looked at: 1 offset that the topic did not give\./);
  match(notesFor({ 'not looked at': 3 }), /^Not looked at: 3 records, .* verify --again <file>/);
  match(notesFor({ gone: 3 }), /^3 offsets in the range have no record any more/);
  const cut = { partitions: [{ ...range, begin: 4, start: 4 }] };
  match(notesFor({}, cut), /before its first offsets \(0\/4\)/);
  match(notesFor({}, { ...cut, from: 1 }), /begins after the time asked for in 1 partition/);
  strictEqual(notesFor({}, { ...cut, again: 'a-file' }), '');
});
