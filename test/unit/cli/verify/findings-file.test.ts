import { deepStrictEqual, rejects, strictEqual } from 'node:assert/strict';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Line, openFindings, readLines } from '../../../../cli/verify/findings-file.ts';
import { temporaryFolder } from '../../../../local/servers/temporary-folder.ts';
import { findingsHeader, findingsText, missing } from '../../../support/findings.ts';

const end: Line = { type: 'end', at: '2026-11-29T12:00:00.000Z', exitCode: 1, counts: {} };

const fileOf = async (t: TestContext, text: string): Promise<string> => {
  const folder = await temporaryFolder('findings');
  t.after(() => folder[Symbol.asyncDispose]());
  const file = join(folder.path, 'findings.jsonl');
  await writeFile(file, text);
  return file;
};

test('a findings file gives its header and its findings, one by one', async (t) => {
  const file = await fileOf(t, findingsText([findingsHeader(), missing(3), missing(9), end]));
  const { header, finished, all } = await openFindings(file);
  strictEqual(header.topic, 'events');
  strictEqual(finished, true);
  deepStrictEqual(await Array.fromAsync(all()), [missing(3), missing(9)]);
});

test('a findings file without its last line is not finished, and a line that was cut off is left out', async (t) => {
  const file = await fileOf(t, findingsText([findingsHeader(), missing(3)]));
  await appendFile(file, JSON.stringify(missing(4)).slice(0, 30));
  const { finished, all } = await openFindings(file);
  strictEqual(finished, false);
  deepStrictEqual(await Array.fromAsync(all()), [missing(3)]);
});

test('each line of a findings file comes with the byte after its end, whatever characters are in it', async (t) => {
  const lines = [findingsHeader({ topic: 'ξ' }), missing(1)];
  const file = await fileOf(t, findingsText(lines));
  deepStrictEqual(
    (await Array.fromAsync(readLines(file))).map((placed) => placed.end),
    lines.map((_, index) => Buffer.byteLength(findingsText(lines.slice(0, index + 1)))),
  );
});

for (const [text, number] of [
  ['', 1],
  ['hello\n', 1],
  [findingsText([missing(1)]), 1],
  [`${findingsText([findingsHeader()])}{"type":"finding"}\n`, 2],
  [findingsText([findingsHeader(), findingsHeader()]), 2],
] as const)
  test(`what is no findings file is told with the line: …${JSON.stringify(text.slice(-20))}`, async (t) => {
    const file = await fileOf(t, text);
    await rejects(openFindings(file), {
      name: 'UserFacingError',
      message: `${file} is no findings file of verify: line ${number} belongs to none, or to one of another version. Write a file by verify --out <file>.`,
    });
  });

test('a findings file that is not there is told in a sentence', async () => {
  await rejects(openFindings('/none/findings.jsonl'), {
    message: 'The findings file /none/findings.jsonl cannot be read (ENOENT).',
  });
});
