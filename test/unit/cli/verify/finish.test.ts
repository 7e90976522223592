import { deepStrictEqual, match, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { Attribution } from '../../../../cli/verify/attribution.ts';
import { Counts } from '../../../../cli/verify/counts.ts';
import type { Header, Line } from '../../../../cli/verify/findings-file.ts';
import { finish } from '../../../../cli/verify/finish.ts';
import { nothingKept } from '../../../../cli/verify/kept-records.ts';
import { OpenRecords } from '../../../../cli/verify/open-records.ts';
import type { Work } from '../../../../cli/verify/work.ts';
import { findingsHeader } from '../../../support/findings.ts';

const cutOff = {
  from: 1,
  partitions: [
    {
      ...{ partition: 0, begin: 4, logEnd: 9, start: 4, end: 9, leadIn: 4, checkpoint: 9 },
      maximum: { low: null, high: null },
    },
  ],
} satisfies Partial<Header>;

const end = async (
  counted: Record<string, number>,
  {
    header = {} as Partial<Header>,
    file = undefined as string | undefined,
    unseen = null as string | null,
  } = {},
) => {
  const lines: Line[] = [];
  const told: string[] = [];
  const work = {
    header: findingsHeader(header),
    counts: new Counts(counted),
    open: new OpenRecords(),
    kept: nothingKept,
    writer: { write: async (given: readonly Line[]) => void lines.push(...given) },
  } as unknown as Work;
  const exitCode = await finish(
    { output: { print() {}, tell: (line) => void told.push(line), progress() {} } },
    work,
    { attribution: new Attribution(), json: false, file, unseenDestination: unseen },
  );
  return { exitCode, lines, told: told.join('\n') };
};

test('the exit code is 1 where something is missing or different, and 2 where not all could be looked at', async () => {
  const codeOf = async (counted: Record<string, number>, header: Partial<Header> = {}) =>
    (await end(counted, { header })).exitCode;
  strictEqual(await codeOf({ matched: 1, waiting: 2, kept: 3, expired: 4, 'cannot tell': 5 }), 0);
  for (const name of ['missing', 'different']) strictEqual(await codeOf({ [name]: 1 }), 1, name);
  for (const name of ['unread', 'not looked at']) strictEqual(await codeOf({ [name]: 1 }), 2, name);
  strictEqual(await codeOf({ matched: 1 }, cutOff), 2);
  strictEqual(await codeOf({ matched: 1 }, { ...cutOff, again: 'a-file' }), 0);
  strictEqual(await codeOf({ missing: 1, unread: 1 }), 1);
});

test('the file ends with the exit code and the counts', async () => {
  const { lines } = await end({ missing: 1 });
  deepStrictEqual(
    lines.map((line) => line.type === 'end' && [line.exitCode, line.counts]),
    [[1, { missing: 1 }]],
  );
});

test('findings are told with the commands that look at them again and mend them', async () => {
  const { told } = await end({ missing: 1 }, { file: 'found.jsonl' });
  match(told, /verify --again found\.jsonl.*redrive --from-file found\.jsonl/);
  strictEqual((await end({ matched: 1 }, { file: 'found.jsonl' })).told.includes('--again'), false);
});

test('what is missing may lie in a destination into which nobody has looked', async () => {
  match((await end({ missing: 1 }, { unseen: 'a-bucket' })).told, /a-bucket: look there too/);
  strictEqual((await end({}, { unseen: 'a-bucket' })).told.includes('a-bucket'), false);
});
