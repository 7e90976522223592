import type { Command } from 'commander';

/** What a command line does: it calls its command, or it is refused. */
type Parsed = { readonly given: readonly unknown[] } | { readonly refused: string };

/** Reads a command line by a command, without running it, and without ending the process. */
export const parsedBy =
  <Given extends readonly unknown[]>(
    create: (run: (...given: Given) => Promise<void>) => Command,
  ) =>
  (...argv: readonly string[]): Parsed => {
    const calls: unknown[][] = [];
    let refused = '';
    const command = create(async (...given) => {
      calls.push(given.slice(0, -1));
    })
      .exitOverride()
      .configureOutput({
        writeErr: (text) => {
          refused += text;
        },
      });
    try {
      command.parse([...argv], { from: 'user' });
    } catch (error) {
      return { refused: refused || String(error) };
    }
    return { given: calls[0] ?? [] };
  };
