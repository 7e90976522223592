import { timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
import type { Context } from '../operate/context.ts';
import { runOperation } from '../operate/run-operation.ts';
import { errorText } from '../terminal/error-text.ts';
import { shellWords } from '../terminal/shell-words.ts';
import { commandLineOf } from './read-only.ts';

/** A file of the page. */
export interface PageFile {
  readonly type: string;
  readonly body: string;
}

export interface ConsoleOptions {
  /** The secret that every request for data must bring in the header `x-console-token`. */
  readonly token: string;
  /** The names by which the page may be reached, with the port. */
  readonly hosts: readonly string[];
  /** The files of the page, by their paths. */
  readonly files: ReadonlyMap<string, PageFile>;
  /** The options that name the pipeline, as the page's commands show them. */
  readonly targetOptions: readonly string[];
  /** What commands work with; each request has an output and a signal of its own. */
  readonly context: Pick<Context, 'openTarget' | 'caller' | 'signal' | 'viaFunction'>;
}

/** What the page gets of a command. */
interface Answer {
  /** The command line that shows the same in a terminal. */
  readonly command: string;
  /** The options that name the pipeline, for other command lines. */
  readonly target: readonly string[];
  readonly exitCode: number;
  /** The lines of the result. */
  readonly lines: readonly unknown[];
  /** What the command says beside its result. */
  readonly told: readonly string[];
}

/** The milliseconds that a command has. */
const timeoutMs = 60_000;

const securityHeaders = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

/**
 * Makes the web application of the console. It serves the page, and runs commands that read. The page's files hold no data. Data need the
 * token; requests by other names, or from pages of others, are refused.
 */
export const consoleApp = ({
  token,
  hosts,
  files,
  targetOptions,
  context,
}: ConsoleOptions): Hono => {
  const app = new Hono();
  app.use(async (c, next) => {
    for (const [name, value] of Object.entries(securityHeaders)) c.header(name, value);
    const host = c.req.header('host') ?? '';
    const origin = c.req.header('origin');
    if (!hosts.includes(host)) return c.text('This host is not served here.', 403);
    if (origin !== undefined && !hosts.some((one) => origin === `http://${one}`))
      return c.text('Pages of others are not answered.', 403);
    return next();
  });
  app.get('/api/:command', async (c) => {
    if (!isToken(c.req.header('x-console-token') ?? '', token))
      return c.json(
        { error: 'The token is missing or wrong: open the URL that the command printed.' },
        401,
      );
    const argv = commandLineOf(c.req.param('command'), new URL(c.req.url).searchParams);
    if (argv === null) return c.json({ error: 'There is no such command.' }, 404);
    const signal = AbortSignal.any([
      c.req.raw.signal,
      context.signal,
      AbortSignal.timeout(timeoutMs),
    ]);
    try {
      return c.json(await answerOf(argv, targetOptions, { ...context, signal }));
    } catch (error) {
      const isLate = (error as Error).name === 'TimeoutError';
      return c.json({ error: isLate ? 'It took longer than a minute.' : sentenceOf(error) }, 502);
    }
  });
  app.get('*', (c) => {
    const file = files.get(new URL(c.req.url).pathname);
    if (file === undefined) return c.text('There is no such page.', 404);
    return c.body(file.body, 200, { 'content-type': file.type });
  });
  return app;
};

/** Writes an error as a terminal shows it, without the stack of one that nobody has expected. */
const sentenceOf = (error: unknown): string => errorText(error).replaceAll(/\n {4}at .*/g, '');

/** Compares a token in a time that tells nothing of it. */
const isToken = (given: string, token: string): boolean => {
  const [one, other] = [Buffer.from(given), Buffer.from(token)];
  return one.length === other.length && timingSafeEqual(one, other);
};

const answerOf = async (
  argv: readonly string[],
  targetOptions: readonly string[],
  context: ConsoleOptions['context'],
): Promise<Answer> => {
  const lines: string[] = [];
  const told: string[] = [];
  const [words, given] = splitAtArguments(argv);
  // What a command says of further commands names the pipeline as well.
  const exitCode = await runOperation([...words, ...targetOptions, '--json', ...given], {
    ...context,
    output: {
      print: (line) => void lines.push(line),
      tell: (line) => void told.push(line),
      progress: () => {},
    },
    confirm: async () => false,
    goOnBy: () => {},
  });
  return {
    // An argument that begins like an option stays behind `--`.
    command: shellWords([
      ...['npx', 'user-events', ...words, ...targetOptions],
      ...(given.some((one, index) => index > 0 && one.startsWith('-')) ? given : given.slice(1)),
    ]),
    target: targetOptions,
    exitCode,
    lines: lines.map((line): unknown => JSON.parse(line)),
    told,
  };
};

/** Separates the words and options of a command line from its arguments, which begin with `--`. */
const splitAtArguments = (argv: readonly string[]): [readonly string[], readonly string[]] => {
  const at = argv.indexOf('--');
  return at === -1 ? [argv, []] : [argv.slice(0, at), argv.slice(at)];
};
