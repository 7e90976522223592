import { existsSync } from 'node:fs';
import { parse, resolve } from 'node:path';

/** The extensions of a handler's module, in the order in which Lambda looks for it; `.ts` is for this machine alone. */
const extensions = ['.js', '.mjs', '.cjs', '.ts'];

/**
 * Finds the module of a handler as Lambda has it, `folder/module.export`: its file, `undefined` where there is none, its path without an
 * extension, and the names that lead to the function within it.
 */
export const handlerModule = (codeFolder: string, handler: string) => {
  const { dir, base } = parse(handler);
  const [module = '', ...names] = base.split('.');
  const path = resolve(codeFolder, dir, module);
  return { file: extensions.map((extension) => path + extension).find(existsSync), path, names };
};
