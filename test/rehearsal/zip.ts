import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { promisify } from 'node:util';

const script = 'import shutil, sys; shutil.make_archive(sys.argv[1], "zip", sys.argv[1])';

/** Packs a folder's files into an archive, as the command line uploads a function's code. @param python the Python that packs it. */
export const zipFolder = async (folder: string, python: string): Promise<Buffer> => {
  await promisify(execFile)(python, ['-c', script, folder]);
  const packed = `${folder}.zip`;
  try {
    return await readFile(packed);
  } finally {
    await rm(packed);
  }
};
