/** The environment variables are wrong, so the function cannot start. The message names every mistake. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    const what = mistakes.length === 1 ? '1 setting is' : `${mistakes.length} settings are`;
    super(`${what} wrong:\n${mistakes.map((mistake) => `  - ${mistake}`).join('\n')}`);
    this.mistakes = mistakes;
  }
}
