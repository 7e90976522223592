import { statSync } from 'node:fs';
import { dirname, extname, join, parse, resolve } from 'node:path';
import { TriggerError } from '../trigger-error.ts';
import { handlerModule } from './handler-module.ts';
import type { FunctionOptions } from './options.ts';

/** The program of a function: what is started, where, and the handler that it is told. */
export interface FunctionProgram {
  readonly file: string;
  readonly args: readonly string[];
  readonly codeFolder: string;
  readonly handler: string;
}

// The package is published as JavaScript, and runs in its repository as TypeScript.
const bootstrap = join(import.meta.dirname, `bootstrap${extname(import.meta.filename)}`);

const found = (path: string) => statSync(path, { throwIfNoEntry: false });

/**
 * Finds the program of a function.
 * @throws {TriggerError} where the options name none, or two, or cannot be carried out.
 */
export const programOf = (options: FunctionOptions): FunctionProgram => {
  const { handler = '', command, inspect } = options;
  if ((handler === '') === (command === undefined))
    throw new TriggerError('The function needs either a handler or a command.');
  const folder = resolve(options.codeFolder ?? '.');
  if (!found(folder)?.isDirectory())
    throw new TriggerError(`The folder of the code, ${folder}, is not there.`);
  if (command !== undefined) {
    const [file, ...args] = command;
    if (file === undefined || inspect !== undefined)
      throw new TriggerError(
        file === undefined
          ? 'The command is empty.'
          : 'A command cannot be inspected: its own debugger has to be started by it.',
      );
    return { file, args, codeFolder: folder, handler: handler };
  }
  if (inspect !== undefined && (options.environments ?? 1) > 1)
    throw new TriggerError(
      'One debugger needs one execution environment: inspect with concurrency 1.',
    );
  const node = {
    file: process.execPath,
    args: [...(inspect === undefined ? [] : [`--inspect-wait=127.0.0.1:${inspect}`]), bootstrap],
  };
  const path = resolve(folder, handler);
  if (found(path)?.isFile()) {
    const { name } = parse(path);
    if (name.includes('.'))
      throw new TriggerError(
        `The module ${path} has a dot in its name, after which Lambda reads the name of an export.`,
      );
    return { ...node, codeFolder: options.codeFolder ?? dirname(path), handler: `${name}.handler` };
  }
  const { file, path: module, names } = handlerModule(folder, handler);
  if (file === undefined || names.length === 0)
    throw new TriggerError(
      `The handler ${handler} is not there: it is the module ${module} and the name of its export, as dist/index.handler.`,
    );
  return { ...node, codeFolder: folder, handler };
};

/** Gives the region and the ARN of a function, in an account that does not exist. */
export const placeOf = ({ functionName = 'function', environment }: FunctionOptions) => {
  const region = environment?.['AWS_REGION'] ?? 'eu-west-1';
  return { region, arn: `arn:aws:lambda:${region}:000000000000:function:${functionName}` };
};
