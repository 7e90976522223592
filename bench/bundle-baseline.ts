import { join } from 'node:path';
import { build } from 'esbuild';

/**
 * Bundles a baseline as its own author would: one minified file for Node 24, with none of the settings that the shipped function
 * needs for itself (names that are kept for error classes, files of their own for clients that are seldom loaded).
 * @returns the path of the bundle, which exports what the entry exports.
 */
export const bundleBaseline = async (entry: string, folder: string): Promise<string> => {
  await build({
    entryPoints: { index: entry },
    outdir: folder,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    // cassandra-driver is CommonJS and calls require(), which an ES module has not.
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
    },
    logLevel: 'error',
  });
  return join(folder, 'index.mjs');
};
