import { Command, type ParseOptions } from 'commander';
import { commitOf, version } from '../../infra/release.ts';
import { print } from './print.ts';

/** A script of package.json: `test`, `bench:cold`, … */
interface Script {
  readonly name: string;
  /** The sentences of its help: what it does. */
  readonly does: string;
  /** The time that it takes, which completes "Takes …": `a minute`. */
  readonly takes: string;
}

/** The command line of a script. It refuses arguments and options that it does not know, and options that npm has taken for itself. */
class ScriptCommand extends Command {
  readonly #call: string;

  constructor({ name, does, takes }: Script) {
    const byNpm = ['test', 'start'].includes(name) ? `npm ${name} --` : `npm run ${name} --`;
    // npx sets this variable too, to its own name.
    const call = process.env['npm_lifecycle_event'] === 'npx' ? `npx user-events ${name}` : byNpm;
    super(call);
    this.#call = call;
    this.description(`${does}\n\nTakes ${takes}.`)
      .allowExcessArguments(false)
      .showHelpAfterError('(--help lists the options)')
      .option('--version', 'print the version and the commit')
      .on('option:version', () => {
        print(`${version}, commit ${commitOf()}`);
        process.exit(0);
      })
      .configureOutput({
        outputError: (text, write) =>
          write(
            text.includes('too many arguments')
              ? `${text}Options come after \`--\`: ${call} --help\n`
              : text,
          ),
      });
  }

  override parse(argv: readonly string[] = process.argv.slice(2), options?: ParseOptions): this {
    this.#refuseTaken();
    return super.parse([...argv], options ?? { from: 'user' });
  }

  override parseAsync(
    argv: readonly string[] = process.argv.slice(2),
    options?: ParseOptions,
  ): Promise<this> {
    this.#refuseTaken();
    return super.parseAsync([...argv], options ?? { from: 'user' });
  }

  /** Refuses an option that stood before the `--`: npm keeps it for itself, and tells its scripts by a variable. */
  #refuseTaken(): void {
    for (const { long } of this.options) {
      const name = long?.replace(/^--(no-)?/, '').replaceAll('-', '_');
      if (name !== undefined && process.env[`npm_config_${name}`] !== undefined)
        this.error(
          `error: npm has taken ${long} for itself. Options come after \`--\`: ${this.#call} ${long} …`,
        );
    }
  }
}

/** Makes the command line of a script. Reading it by `parse()` prints help or a mistake, and exits. */
export const scriptCommand = (script: Script): Command => new ScriptCommand(script);
