import { deepStrictEqual, rejects, strictEqual } from 'node:assert/strict';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Line, Open, State } from '../../../../cli/verify/findings-file.ts';
import { beginFindings, resumeFindings } from '../../../../cli/verify/findings-writer.ts';
import { temporaryFolder } from '../../../../local/servers/temporary-folder.ts';
import { findingsHeader, findingsText, missing } from '../../../support/findings.ts';

const open = (offset: number): Open => ({
  type: 'open',
  finding: missing(offset),
  key: 'k',
  found: 'f',
  due: 'd',
  otherwise: 'superseded',
});
const settled = (offset: number): Line => ({ type: 'settled', partition: 0, offset });
const state = (next: number): State => ({
  type: 'state',
  at: '2026-11-29T12:00:00.000Z',
  partitions: [{ partition: 0, next, maximum: { low: null, high: 'unknown' } }],
  counts: { read: next },
});

const fileIn = async (t: TestContext): Promise<string> => {
  const folder = await temporaryFolder('findings');
  t.after(() => folder[Symbol.asyncDispose]());
  return join(folder.path, 'findings.jsonl');
};
const resumed = async (file: string) => {
  const findings: number[] = [];
  await using opened = await (async () => {
    const one = await resumeFindings(file, ({ offset }) => findings.push(offset));
    return { ...one, [Symbol.asyncDispose]: () => one.writer[Symbol.asyncDispose]() };
  })();
  return {
    findings,
    state: opened.state,
    open: opened.open.map((one) => one.finding.offset),
    text: await readFile(file, 'utf8'),
  };
};

test('a findings file is begun with its header, and never over another file', async (t) => {
  const file = await fileIn(t);
  {
    await using writer = await beginFindings(file, findingsHeader());
    await writer.write([missing(1), state(2)]);
  }
  strictEqual(await readFile(file, 'utf8'), findingsText([findingsHeader(), missing(1), state(2)]));
  await rejects(beginFindings(file, findingsHeader()), {
    message: `The file ${file} is there already. Go on with it by verify --resume ${file}, or name another.`,
  });
  await rejects(beginFindings('/none/file', findingsHeader()), {
    message: 'The file /none/file cannot be written (ENOENT).',
  });
});

test('what stands behind the last state of a file is cut off, and done again', async (t) => {
  const file = await fileIn(t);
  const kept = [findingsHeader(), missing(1), open(2), state(3), settled(2), open(4), state(5)];
  await writeFile(file, findingsText([...kept, missing(6), open(7), settled(4)]));
  await appendFile(file, '{"type":"finding","part');
  const { findings, state: last, open: left, text } = await resumed(file);
  deepStrictEqual(findings, [1]);
  deepStrictEqual(last, state(5));
  deepStrictEqual(left, [4]);
  strictEqual(text, findingsText(kept));
});

test('a file without a state is begun anew behind its header', async (t) => {
  const file = await fileIn(t);
  await writeFile(file, findingsText([findingsHeader(), missing(6)]));
  const { findings, state: last, text } = await resumed(file);
  deepStrictEqual([findings, last], [[], null]);
  strictEqual(text, findingsText([findingsHeader()]));
});

test('lines that are written after a file is taken up again stand behind its last state', async (t) => {
  const file = await fileIn(t);
  await writeFile(file, findingsText([findingsHeader(), state(1), missing(6)]));
  const { writer } = await resumeFindings(file, () => {});
  await writer.write([missing(2)]);
  await writer[Symbol.asyncDispose]();
  strictEqual(await readFile(file, 'utf8'), findingsText([findingsHeader(), state(1), missing(2)]));
});

test('a finished file is not taken up again', async (t) => {
  const file = await fileIn(t);
  const end: Line = { type: 'end', at: '2026-11-29T12:00:00.000Z', exitCode: 0, counts: {} };
  await writeFile(file, findingsText([findingsHeader(), state(1), end]));
  await rejects(resumed(file), {
    message: `The verification of ${file} has come to its end. Look at its findings again by verify --again ${file}.`,
  });
  strictEqual(await readFile(file, 'utf8'), findingsText([findingsHeader(), state(1), end]));
});
