import { isFileName, type OperateEvent } from './protocol.ts';

const runId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Reads what the function is called with.
 * @throws {TypeError} for anything else than what `--via-function` sends: nothing but that calls it.
 */
export const readEvent = (given: unknown): OperateEvent => {
  const { argv, caller, run, files, slices, columns, stack, mappingState, stackHealth } =
    Object(given);
  const isRight =
    isTexts(argv) &&
    typeof caller === 'string' &&
    typeof run === 'string' &&
    runId.test(run) &&
    isTexts(files) &&
    files.every(isFileName) &&
    Number.isInteger(slices) &&
    Number.isInteger(columns) &&
    Object(stack) === stack &&
    (mappingState === null || typeof mappingState === 'string') &&
    typeof stackHealth === 'object';
  if (!isRight)
    throw new TypeError(
      'The event is not one of `user-events … --via-function`, which alone calls this function.',
    );
  return { argv, caller, run, files, slices, columns, stack, mappingState, stackHealth };
};

const isTexts = (given: unknown): given is string[] =>
  Array.isArray(given) && given.every((one) => typeof one === 'string');
