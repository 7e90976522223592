/** The answer of a command: what it printed, and the command line that prints the same in a terminal. */
export interface Answer<Line> {
  readonly command: string;
  /** The options that name the pipeline, for other command lines. */
  readonly target: readonly string[];
  /** 0: it agrees; 1: it differs; 2: it could not look at all of it. */
  readonly exitCode: number;
  readonly lines: readonly Line[];
  readonly told: readonly string[];
}

/** The parameters of a command: those that are empty are left out. */
export type Parameters = Readonly<Record<string, string | undefined>>;

const key = 'user-events-console-token';

/**
 * Takes the token out of the address, so that it stands in no history, and keeps it for this tab.
 * @returns whether there was one.
 */
export const takeToken = (): boolean => {
  const token = /^#token=(.+)$/.exec(location.hash)?.[1];
  if (token === undefined) return false;
  sessionStorage.setItem(key, token);
  history.replaceState(null, '', '#/now');
  return true;
};

/** Has a command run. @throws {Error} with a sentence where it fails, or the console does not answer. */
export const ask = async <Line>(
  command: string,
  parameters: Parameters,
  signal: AbortSignal,
): Promise<Answer<Line>> => {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined && value !== '') query.set(name, value);
  const answer = await fetch(`/api/${command}?${query}`, {
    headers: { 'x-console-token': sessionStorage.getItem(key) ?? '' },
    signal,
  }).catch((error: unknown) => {
    if (signal.aborted) throw error;
    throw new Error('The console does not answer: is `user-events console` still running?');
  });
  const body = (await answer.json().catch(() => ({
    error: `The console cannot answer this: ${answer.status} ${answer.statusText}.`,
  }))) as Answer<Line> & { readonly error?: string };
  if (body.error !== undefined) throw new Error(body.error);
  return body;
};
