import { basename } from 'node:path';
import type { Command, Option } from 'commander';

/** The options that name the pipeline, and take a value. */
const ofPlace = ['--stage', '--stages', '--stack', '--region'];

/** A command line as the function gets it. */
export interface FunctionWords {
  readonly words: readonly string[];
  /** The paths of the files on this machine, by the names that they have in the function. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * Makes the command line for the function: without the options that name the pipeline, and with plain names in place of the paths of files.
 * @param words the words after the program's name.
 * @param command the command that has read them.
 */
export const functionWords = (words: readonly string[], command: Command): FunctionWords => {
  const files = new Map<string, string>();
  const named = fileOptions(command);
  const nameOf = (path: string): string => {
    const known = [...files].find(([, one]) => one === path);
    if (known !== undefined) return known[0];
    const plain = basename(path);
    // Two folders may have files of one name.
    const name = files.has(plain) ? `${files.size}-${plain}` : plain;
    files.set(name, path);
    return name;
  };
  const kept: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const [, option = word, value] = /^(--[^=]+)=(.*)$/s.exec(word) ?? [];
    if (option === '--via-function') continue;
    if (ofPlace.includes(option)) {
      if (value === undefined) at += 1;
    } else if (!named.includes(option)) kept.push(word);
    else if (value !== undefined) kept.push(`${option}=${nameOf(value)}`);
    else {
      kept.push(option, nameOf(words[at + 1] ?? ''));
      at += 1;
    }
  }
  return { words: kept, files };
};

/**
 * Makes the command line for a person of one that the function has named: with the paths of files, and with the options that lead to the
 * function.
 */
export const localWords = (
  words: readonly string[],
  files: FunctionWords['files'],
  options: Readonly<Record<string, unknown>>,
): string[] => {
  const place = ofPlace.flatMap((option) => {
    const value = options[option.slice(2)];
    return typeof value === 'string' ? [option, value] : [];
  });
  return [...words.map((word) => files.get(word) ?? word), ...place, '--via-function'];
};

/** Lists the options of a command, and of those above it, whose value names a file of the command. */
const fileOptions = (command: Command): string[] => {
  const own = command.options.filter(isFile).map(({ long }) => long ?? '');
  return command.parent === null ? own : [...own, ...fileOptions(command.parent)];
};

const isFile = ({ flags, long }: Option): boolean =>
  flags.includes('<file>') && !ofPlace.includes(long ?? '');
