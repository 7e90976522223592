import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { FunctionCode } from './function-code.ts';

/** Gives the bundle of a function that `npm run build` has put beside the package's own code. */
export const functionCode: FunctionCode = (folder) => ({
  handler: 'index.handler',
  code: Code.fromAsset(join(import.meta.dirname, 'functions', folder)),
});
