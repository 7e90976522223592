import type { Code } from 'aws-cdk-lib/aws-lambda';

/**
 * Gives the code of a function, and the handler in it.
 * @param folder the folder of `functions/` with the function's `handler.ts`.
 * @param files files that a package opens by a relative path, `../…`, from their places in the code to those in the project.
 */
export type FunctionCode = (
  folder: string,
  files?: Readonly<Record<string, string>>,
) => { readonly code: Code; readonly handler: string };
