import type { Code } from 'aws-cdk-lib/aws-lambda';

/**
 * Gives the code of a function, and the handler in it.
 * @param folder the folder of `functions/` with the function's `handler.ts`.
 */
export type FunctionCode = (folder: string) => { readonly code: Code; readonly handler: string };
