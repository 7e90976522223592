import { join } from 'node:path';
import { build } from 'esbuild';
import { bundleOptions, completeBundle } from '../infra/bundling.ts';

const ingest = join(import.meta.dirname, '../functions/ingest/handler.ts');

/** Bundles a function as the deployment does, into `index.mjs` with an exported `handler`; returns its path. */
export const bundleFunction = async (outFolder: string, entry = ingest): Promise<string> => {
  await build(bundleOptions(entry, outFolder));
  completeBundle(outFolder);
  return join(outFolder, 'index.mjs');
};
