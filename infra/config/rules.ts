import * as z from 'zod';

/**
 * The kinds of settings. Each has its meaning and its rule, which the table of docs/settings.md is made of, and says
 * what is wrong as "must be <rule> (given <value>)".
 */
const rule = (text: string) => ({
  error: ({ input }: { readonly input: unknown }) =>
    `must be ${text} (${input === undefined ? 'not given' : `given ${JSON.stringify(input)}`})`,
});

/** What a text must pass: an expression, or a check by that name. */
interface Pattern {
  test(given: string): boolean;
}

const matching = (must: string, pattern: Pattern) =>
  z.string(rule(must)).refine((given) => pattern.test(given), rule(must));

/** @param mistaken what is easily taken for it, and what that is instead; told with the rule. */
export const text = (
  meaning: string,
  must: string,
  pattern: Pattern,
  mistaken?: { readonly pattern: Pattern; readonly is: string },
) =>
  (mistaken === undefined
    ? z.string(rule(must))
    : z.string(rule(must)).refine((given) => !mistaken.pattern.test(given), {
        ...rule(`${must}; this is ${mistaken.is}`),
        abort: true,
      })
  )
    .refine((given) => pattern.test(given), rule(must))
    .meta({ description: meaning, rule: must });

export const texts = (
  meaning: string,
  must: string,
  pattern: Pattern,
  most: number,
  fewest = 1,
) => {
  const count = fewest === most ? `${most}` : `${fewest} to ${most}`;
  const list = `a list of ${count}, each ${must}, none of them twice`;
  return z
    .array(matching(must, pattern), rule(list))
    .min(fewest, rule(list))
    .max(most, rule(list))
    .refine((given) => new Set(given).size === given.length, rule(list))
    .meta({ description: meaning, rule: list });
};

/** @param why it is bounded so; told with the rule. */
export const wholeNumber = (meaning: string, lowest: number, highest: number, why?: string) => {
  const range = `a whole number, ${lowest} to ${highest}`;
  const must = why === undefined ? range : `${range}: ${why}`;
  return z
    .int(rule(must))
    .min(lowest, rule(must))
    .max(highest, rule(must))
    .meta({ description: meaning, rule: must });
};

export const oneOf = <const T extends string>(meaning: string, choices: readonly T[]) => {
  const must = choices.length === 1 ? `${choices[0]}` : `one of ${choices.join(', ')}`;
  return z.enum(choices, rule(must)).meta({ description: meaning, rule: must });
};

export const flag = (meaning: string) =>
  z.boolean(rule('true or false')).meta({ description: meaning, rule: 'true or false' });

/** An object with no other keys than these: a misspelt optional one would silently do nothing. */
export const settings = <T extends z.core.$ZodShape>(
  shape: T,
  must = `an object with ${Object.keys(shape).join(', ')}`,
) =>
  z.strictObject(shape, {
    // Its value is not repeated: it may be a password.
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `is not a setting (is it one of ${Object.keys(shape).join(', ')}?)`
        : rule(must).error(issue),
  });

/** Which of several objects it is, told by one of its settings. */
export const oneKindOf = <
  T extends readonly [z.core.$ZodTypeDiscriminable, ...z.core.$ZodTypeDiscriminable[]],
>(
  told: string,
  kinds: readonly string[],
  options: T,
) =>
  z.discriminatedUnion(told, options, {
    error: (issue) =>
      issue.code === 'invalid_union'
        ? rule(`one of ${kinds.join(', ')}`).error({ input: Object(issue.input)[told] })
        : rule(`an object with ${told}`).error(issue),
  });

/** With the six characters at its end: a policy needs them. */
const secretArnPattern =
  /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@!-]+-[A-Za-z0-9]{6}$/;
export const wholeSecretArn = 'a secret’s whole ARN, as in …:secret:name-AbCdEf';
export const isSecretArn = (given: string): boolean => secretArnPattern.test(given);
export const secretArn = (meaning: string) => text(meaning, wholeSecretArn, secretArnPattern);

export const keyArn = (meaning: string) =>
  text(meaning, 'a KMS key’s ARN', /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/);

/** The rule of an identifier of EC2, by what it begins with. */
export const ec2Id = (kind: 'vpc' | 'subnet' | 'sg') =>
  [
    `${kind}- and 8 or 17 hexadecimal digits`,
    new RegExp(`^${kind}-([0-9a-f]{8}|[0-9a-f]{17})$`),
  ] as const;
