import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { pageSource } from '../cli/console/page-source/from-source.ts';
import { pageSourceFiles } from '../cli/console/page-source/page-source.ts';
import { commitOf } from './release.ts';

const root = join(import.meta.dirname, '..');

/** The file that `npx user-events` runs, in the package's folder. */
export const commandLineFile = 'command-line/user-events.mjs';

/** The text that a bundle of ES modules needs on top: packages of CommonJS call require(), and the first Node 20 knows no folder of a module. */
const banner = [
  "import { createRequire as createRequireOfBundle } from 'node:module';",
  "import { dirname as dirnameOfBundle } from 'node:path';",
  "import { fileURLToPath as pathOfBundle } from 'node:url';",
  'const require = createRequireOfBundle(import.meta.url);',
  'const folderOfBundle = dirnameOfBundle(pathOfBundle(import.meta.url));',
].join(' ');

/** Bundles the command line of the operations into a package, with all that it imports, and the console's page. */
export const bundleCommandLine = (dist: string): void => {
  const folder = join(dist, 'command-line');
  buildSync({
    entryPoints: { 'user-events': join(root, 'cli/package-bin.ts') },
    outdir: folder,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    // The clients of AWS become files of their own, which are read only for a deployed pipeline.
    splitting: true,
    conditions: ['built'],
    outExtension: { '.js': '.mjs' },
    mainFields: ['module', 'main'],
    // The WebAssembly of the Kafka client stands in the bundle, and not in a file of its own.
    alias: { '@platformatic/wasm-utils': '@platformatic/wasm-utils/bundled' },
    define: {
      'import.meta.dirname': 'folderOfBundle',
      'process.env.BUILT_COMMIT': JSON.stringify(commitOf()),
    },
    banner: { js: banner },
    minifyWhitespace: true,
    minifySyntax: true,
    keepNames: true,
    logLevel: 'error',
  });
  cpSync(join(root, 'schema/tables.cql'), join(folder, 'tables.cql'));
  const { script, style } = pageSource();
  writeFileSync(join(folder, pageSourceFiles.script), script);
  writeFileSync(join(folder, pageSourceFiles.style), style);
};
