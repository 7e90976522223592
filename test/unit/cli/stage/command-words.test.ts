import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { Command } from 'commander';
import { operation } from '../../../../cli/operate/operation.ts';
import { functionWords, localWords } from '../../../../cli/stage/command-words.ts';

const child = new Command('list').option('--also <file>', 'a file');
const command = operation({ name: 'look', does: 'Looks.', examples: [] })
  .option('--out <file>', 'a file')
  .option('--type <type>', 'no file')
  .addCommand(child);

test('the function gets a command line without the options that name the pipeline, however they are spelt', () => {
  const { words, files } = functionWords(
    [
      ...['look', '--stage', 'prod', '--type', '--stage=x', '--stages=ours.json', 'an id'],
      ...['--region', 'eu-west-1', '--via-function', '--stack=Website', '--json'],
    ],
    command,
  );
  // A value that looks like an option is left out with it, as commander would not take it for a value either.
  deepStrictEqual(words, ['look', '--type', 'an id', '--json']);
  deepStrictEqual([...files], []);
});

test('a file has its plain name in the function, and its path here', () => {
  const { words, files } = functionWords(
    ['look', '--out', 'reports/may/out.json', '--type', 'a/b'],
    command,
  );
  deepStrictEqual(words, ['look', '--out', 'out.json', '--type', 'a/b']);
  deepStrictEqual([...files], [['out.json', 'reports/may/out.json']]);
});

test('two files of one name have two names in the function, and one file has one', () => {
  const two = functionWords(['look', '--out=a/x.json', 'list', '--also', 'b/x.json'], child);
  deepStrictEqual(two.words, ['look', '--out=x.json', 'list', '--also', '1-x.json']);
  deepStrictEqual(
    [...two.files],
    [
      ['x.json', 'a/x.json'],
      ['1-x.json', 'b/x.json'],
    ],
  );
  const one = functionWords(['look', '--out=a/x.json', 'list', '--also', 'a/x.json'], child);
  deepStrictEqual([one.words.at(-1), one.files.size], ['x.json', 1]);
});

test('the command line by which a person goes on has the paths of this machine, and leads to the function again', () => {
  const files = new Map([['out.json', 'reports/out.json']]);
  deepStrictEqual(
    localWords(['look', '--again', 'out.json'], files, {
      ...{ stage: 'prod', region: 'eu-west-1', json: true, viaFunction: true },
    }),
    [
      ...['look', '--again', 'reports/out.json'],
      ...['--stage', 'prod', '--region', 'eu-west-1', '--via-function'],
    ],
  );
});
