import { cpSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bundle } from '../bundling.ts';
import { bundleFolder, filesOf } from './function-files.ts';

const root = join(import.meta.dirname, '../..');

/** Writes the code of a function: its bundle, and the files that its packages open. */
export const writeFunction = (folder: string, output: string): void => {
  const files = filesOf(folder);
  bundle(
    join(root, 'functions', folder, 'handler.ts'),
    files.length === 0 ? output : join(output, bundleFolder),
  );
  for (const [to, from] of files) {
    mkdirSync(dirname(join(output, to)), { recursive: true });
    cpSync(join(root, from), join(output, to));
  }
};
