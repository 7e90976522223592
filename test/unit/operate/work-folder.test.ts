import { deepStrictEqual, match, rejects } from 'node:assert/strict';
import { appendFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { openWorkFolder } from '../../../functions/operate/work-folder.ts';
import { type Aws, startAws } from '../../support/aws.ts';

const run = '00000000-0000-4000-8000-000000000001';
const objects = new Map<string, Buffer>();
let aws: Aws;
before(async () => {
  aws = await startAws({ objects });
  Object.assign(process.env, aws.environment, { AWS_REGION: 'eu-west-1' });
});
after(() => aws[Symbol.asyncDispose]());

const kept = (name: string): string | undefined =>
  objects.get(`bucket/runs/${run}/${name}`)?.toString();

test('a command works in a folder that has the run’s files, and what it writes or changes is kept', async () => {
  objects.set(`bucket/runs/${run}/given.json`, Buffer.from('given'));
  objects.set(`bucket/runs/${run}/grown.json`, Buffer.from('grown'));
  const before = process.cwd();
  {
    using folder = openWorkFolder('bucket', run);
    await folder.fetch(['given.json', 'grown.json']);
    deepStrictEqual(await readFile('given.json', 'utf8'), 'given');
    await writeFile('given.json', 'given');
    await appendFile('grown.json', ' more');
    await writeFile('new.json', 'new');
    await mkdir('a-folder');
    deepStrictEqual(await folder.save(), ['grown.json', 'new.json']);
    deepStrictEqual([kept('grown.json'), kept('new.json')], ['grown more', 'new']);
    deepStrictEqual((await readdir(folder.path)).length, 4);
  }
  deepStrictEqual(process.cwd(), before);
});

test('the bucket is not asked where a run has no files', async () => {
  const calls = aws.called.length;
  using folder = openWorkFolder('bucket', run);
  await folder.fetch([]);
  deepStrictEqual(await folder.save(), []);
  deepStrictEqual(aws.called.length, calls);
});

test('a file that the bucket does not give is told with its name and the way to S3', async () => {
  using folder = openWorkFolder('bucket', run);
  await rejects(folder.fetch(['none.json']), (error: Error) => {
    match(
      error.message,
      /^The file runs\/.*\/none\.json of the bucket bucket was not read or written \(NoSuchKey/,
    );
    match(error.message, /a gateway endpoint of S3/);
    return true;
  });
});
