/** A command that the page may have run: it reads, and writes nothing. */
interface ReadOnly {
  /** The words of the command. */
  readonly words: readonly string[];
  /** The query parameters that become arguments, in their order. */
  readonly arguments: readonly string[];
  /** The query parameters that become options of the same name. */
  readonly options: readonly string[];
}

const flags = ['all', 'locate'];

/** Writes a parameter as an option. Those that are flags stand there where their value is `true`; all others have a value, whatever it is. */
export const optionOf = (name: string, value: string | undefined): readonly string[] => {
  if (value === undefined || value === '') return [];
  if (flags.includes(name)) return value === 'true' ? [`--${name}`] : [];
  return [`--${name}`, value];
};

const filters = ['topic', 'partition', 'offset', 'reason', 'detail', 'since', 'until', 'all'];

/** The commands that the page has run, by the last part of their path. Nothing else can be asked for. */
export const readOnly: Readonly<Record<string, ReadOnly>> = {
  health: { words: ['health'], arguments: [], options: [] },
  partitions: { words: ['partitions'], arguments: [], options: [] },
  rates: { words: ['rates'], arguments: [], options: ['topic', 'last', 'every'] },
  rejected: { words: ['rejected'], arguments: [], options: filters },
  'rejected-list': { words: ['rejected', 'list'], arguments: [], options: [...filters, 'limit'] },
  'rejected-export': {
    words: ['rejected', 'export'],
    arguments: [],
    options: [...filters, 'limit'],
  },
  'rejected-show': { words: ['rejected', 'show'], arguments: ['record'], options: [] },
  user: { words: ['user'], arguments: ['id'], options: ['from', 'to', 'type', 'limit', 'locate'] },
  trace: { words: ['trace'], arguments: ['record'], options: ['back'] },
};

/**
 * Makes the command line that a request asks for; null where there is no such command. A parameter that the command does not take is left
 * out. A value can be no option: options have their value behind an equals sign, and arguments come after `--`.
 */
export const commandLineOf = (name: string, query: URLSearchParams): string[] | null => {
  const command = Object.hasOwn(readOnly, name) ? readOnly[name] : undefined;
  if (command === undefined) return null;
  const options = command.options.flatMap((option) => {
    const words = optionOf(option, query.get(option) ?? undefined);
    return words.length === 0 ? [] : [words.join('=')];
  });
  const given = command.arguments.map((argument) => query.get(argument) ?? '');
  return [...command.words, ...options, ...(given.length === 0 ? [] : ['--', ...given])];
};
