/** A form of text: the rule in words, and the value that a text of this form stands for. */
export interface Form<T> {
  /** Completes the sentence "… must be …". */
  readonly rule: string;
  /** Reads a text; undefined if the text breaks the rule. */
  readonly parse: (text: string) => T | undefined;
}

/** One environment variable of the function, and the setting that is read from it. */
export interface Variable<T = unknown> extends Form<T> {
  /** The setting's name in `Settings`. */
  readonly setting: string;
  readonly meaning: string;
  /** The text that counts if the variable is absent or empty, or the variable whose text counts; null: it must be given. */
  readonly fallback: string | { readonly sameAs: string } | null;
  /** The value is long or may hold a secret: messages tell its length instead. */
  readonly isWithheld?: true;
}

export type Variables = Readonly<Record<string, Variable>>;

/** The settings that are read from these variables. */
export type SettingsOf<V extends Variables> = {
  readonly [N in keyof V as V[N]['setting']]: Exclude<ReturnType<V[N]['parse']>, undefined>;
};

/** Settings while mistakes are collected: undefined stands for a wrong value, which has been reported. */
export type Checked<V extends Variables> = {
  readonly [S in keyof SettingsOf<V>]: SettingsOf<V>[S] | undefined;
};

/** The result of checks between settings: a sentence for each mistake, false for a check that passed. */
export type Findings = readonly (string | false)[];

/** Takes text that matches a pattern. */
export const matching = (rule: string, pattern: RegExp) => ({
  rule,
  pattern,
  parse: (text: string): string | undefined => (pattern.test(text) ? text : undefined),
});

/** Takes one of several words. */
export const oneOf = <const T extends string>(...choices: readonly T[]): Form<T> => {
  const words = choices.map((choice) => `\`${choice}\``);
  return {
    rule: `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`,
    parse: (text) => choices.find((choice) => choice === text),
  };
};

/** Takes `on` for true and `off` for false. */
export const onOrOff: Form<boolean> = {
  rule: '`on` or `off`',
  parse: (text) => (text === 'on' ? true : text === 'off' ? false : undefined),
};

/** Takes a whole number between two bounds. @param factor what the number is multiplied by, for a setting of another unit. */
export const wholeNumber = (lowest: number, highest: number, factor = 1): Form<number> => ({
  rule: `a whole number, ${lowest} to ${highest}`,
  parse: (text) => {
    const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
    return number >= lowest && number <= highest ? number * factor : undefined;
  },
});

/** Takes empty text for null, and any other text by its form. */
export const orNull = <T>({ rule, parse }: Form<T>): Form<T | null> => ({
  rule,
  parse: (text) => (text === '' ? null : parse(text)),
});

/** Takes a certificate in PEM; null is Node's own list of authorities. */
export const certificateOrNull: Form<string | null> = orNull({
  rule: 'PEM text; empty for Node’s own list',
  parse: (text) => (text.includes('-----BEGIN CERTIFICATE-----') ? text : undefined),
});

/** Takes a secret's ARN or name. @param without the case in which there is no secret. */
export const secretOrNull = (without: string): Form<string | null> =>
  orNull(
    matching(`a secret’s ARN or name; empty without ${without}`, /^[A-Za-z0-9/_+=.@:!-]{1,2048}$/),
  );
