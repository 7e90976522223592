import { deepStrictEqual, rejects, throws } from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathOf, runFiles } from '../../../../cli/stage/run-files.ts';
import { temporaryFolder } from '../../../../local/servers/temporary-folder.ts';
import { type Aws, startAws } from '../../../support/aws.ts';

const objects = new Map<string, Buffer>();
let aws: Aws;
before(async () => {
  aws = await startAws({ objects });
  Object.assign(process.env, aws.environment);
});
after(() => aws[Symbol.asyncDispose]());

test('files of this machine go into the bucket and come back, byte for byte', async () => {
  await using folder = await temporaryFolder('run-files');
  const [from, to] = [join(folder.path, 'from.bin'), join(folder.path, 'to.bin')];
  const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, at) => at % 251));
  await writeFile(from, bytes);
  const files = runFiles('eu-west-1', 'bucket', 'a-run');
  deepStrictEqual(
    await files.upload(
      new Map([
        ['from.bin', from],
        ['new.bin', join(folder.path, 'none')],
      ]),
    ),
    ['from.bin'],
  );
  deepStrictEqual([...objects.keys()], ['bucket/runs/a-run/from.bin']);
  await files.download('from.bin', to);
  deepStrictEqual(await readFile(to), bytes);
});

test('a file of the run is read as text, and one that is not there is told by its name', async () => {
  objects.set('bucket/runs/a-run/lines', Buffer.from('ä line\n'));
  const files = runFiles('eu-west-1', 'bucket', 'a-run');
  deepStrictEqual(await files.read('lines'), 'ä line\n');
  await rejects(
    files.read('none'),
    /^UserFacingError: AWS does not give the file none of the bucket bucket/,
  );
});

test('a file of the function lies where the command line says, or beside the file that it belongs to', () => {
  const files = new Map([['out.json', 'reports/first.json']]);
  deepStrictEqual(pathOf('out.json', files), 'reports/first.json');
  deepStrictEqual(pathOf('out.json.state', files), 'reports/out.json.state');
  deepStrictEqual(pathOf('another.json', files), 'another.json');
  throws(() => pathOf('../x', files), /is no name of a file/);
});
