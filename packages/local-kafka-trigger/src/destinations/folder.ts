import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OnFailureDestination } from '../mapping/on-failure.ts';
import { TriggerError } from '../trigger-error.ts';

/**
 * Makes an on-failure destination that writes each envelope into a file of its own, as AWS writes objects into a bucket.
 * @throws {TriggerError} where the folder cannot be made.
 */
export const folderDestination = async (folder: string): Promise<OnFailureDestination> => {
  await mkdir(folder, { recursive: true }).catch((error) => {
    throw new TriggerError(`The folder ${folder} cannot be made (${error.code}).`);
  });
  return (envelope) => {
    const { timestamp, requestContext } = envelope;
    const name = `${timestamp.replaceAll(':', '.')}-${requestContext.requestId}.json`;
    return writeFile(join(folder, name), JSON.stringify(envelope, null, 2));
  };
};
