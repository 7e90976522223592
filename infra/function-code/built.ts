import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { FunctionCode } from './function-code.ts';
import { handlerOf } from './function-files.ts';

/** Gives the code of a function that `npm run build` has put beside the package's own code. */
export const functionCode: FunctionCode = (folder) => ({
  handler: handlerOf(folder),
  code: Code.fromAsset(join(import.meta.dirname, 'functions', folder)),
});
