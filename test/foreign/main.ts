// `npm run test:foreign`: runs other encoders, in Python, against the function's decoder.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { scriptCommand } from '../../local/command.ts';
import { main } from '../../local/main.ts';
import { UserFacingError } from '../../local/user-facing-error.ts';
import { reportOf, runFiles } from '../run-files.ts';

scriptCommand({
  name: 'test:foreign',
  does:
    'Runs other encoders, in Python, against the function’s decoder: they register their schemas over HTTP, and the function ' +
    'fetches them from there. test/foreign/requirements.txt lists their packages.',
  takes: 'about a minute',
}).parse();

await main(async (signal) => {
  const python = join(import.meta.dirname, '../../.local/python');
  if (!existsSync(join(python, 'bin', 'moto_server')))
    throw new UserFacingError(
      'The other encoders are not installed. Install them by\n' +
        '  python3 -m venv .local/python\n' +
        '  .local/python/bin/pip install -r test/foreign/requirements.txt',
    );
  return reportOf(
    await runFiles([join(import.meta.dirname, 'live.test.ts')], {
      atOnce: 1,
      print: (text) => void process.stdout.write(text),
      signal,
    }),
  );
});
