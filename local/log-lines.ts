/** Does work of the function in this process, and hands over the lines that it writes to its log, standard output. */
export const withLogLines = async <T>(
  onLine: (line: string) => void,
  work: () => Promise<T>,
): Promise<T> => {
  const { write } = process.stdout;
  process.stdout.write = (text: string | Uint8Array) => {
    for (const line of Buffer.from(text).toString().trimEnd().split('\n')) onLine(line);
    return true;
  };
  try {
    return await work();
  } finally {
    process.stdout.write = write;
  }
};
