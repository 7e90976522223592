import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A pattern of import and export declarations with a relative path. Declarations of types alone load nothing. */
const declaration = /^(?:import|export)(?! type\b)(?:[^'";]*?\bfrom)?\s*'(\.[^']+)'/gm;
const dynamicImport = /\bimport\('(\.[^']+)'\)/g;

/** Lists the project's own files that a file loads, directly or not, itself included. */
export const loadedBy = (file: string, seen = new Set<string>()): Set<string> => {
  if (seen.has(file)) return seen;
  seen.add(file);
  if (!/\.(?:ts|js|mjs)$/.test(file)) return seen;
  const text = readFileSync(file, 'utf8');
  for (const pattern of [declaration, dynamicImport])
    for (const [, path = ''] of text.matchAll(pattern)) loadedBy(join(dirname(file), path), seen);
  return seen;
};
