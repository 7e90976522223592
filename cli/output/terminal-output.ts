import { columns, print, printStep } from '../terminal/print.ts';
import type { Output } from './output.ts';

/** Writes to the terminal, or to wherever the shell leads standard output and standard error. */
export const terminalOutput = (): Output => {
  const isWatched = process.stderr.isTTY === true;
  let shown = false;
  const clear = (): void => {
    if (shown) process.stderr.write('\r\u001b[K');
    shown = false;
  };
  return {
    print(line) {
      clear();
      print(line);
    },
    tell(line) {
      clear();
      printStep(line);
    },
    progress(text) {
      if (!isWatched) return;
      process.stderr.write(`\r\u001b[K${text.slice(0, columns() - 1)}`);
      shown = true;
    },
  };
};
