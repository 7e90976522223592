import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type PageSource, pageSourceFiles } from './page-source.ts';

/** Reads the page that `npm run build` has put beside the package's command line. */
export const pageSource = (): PageSource => ({
  script: readFileSync(join(import.meta.dirname, pageSourceFiles.script), 'utf8'),
  style: readFileSync(join(import.meta.dirname, pageSourceFiles.style), 'utf8'),
});
