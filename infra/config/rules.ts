import * as z from 'zod';

/**
 * Words a mistake as "must be <rule> (given <value>)". Each kind of setting below keeps its meaning and its rule as metadata: the table of
 * docs/configuration.md is made of them.
 */
const rule = (text: string) => ({
  error: ({ input }: { readonly input: unknown }) =>
    `must be ${text} (${input === undefined ? 'not given' : `given ${JSON.stringify(input)}`})`,
});

/** A test that a text must pass: a regular expression, or an object with the same method. */
interface Pattern {
  test(given: string): boolean;
}

const matching = (must: string, pattern: Pattern) =>
  z.string(rule(must)).refine((given) => pattern.test(given), rule(must));

/** @param mistaken a text that is easily given by mistake, and what it is; the message says so. */
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

/** @param why the reason for the bounds, for the message. */
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

/** Accepts an object with these keys alone: a misspelt optional key would silently do nothing. */
export const settings = <T extends z.core.$ZodShape>(
  shape: T,
  must = `an object with ${Object.keys(shape).join(', ')}`,
) =>
  z.strictObject(shape, {
    // The value of an unknown key is not repeated: it may be a password.
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `is not a setting (is it one of ${Object.keys(shape).join(', ')}?)`
        : rule(must).error(issue),
  });

/** Accepts one of several kinds of objects. @param told the key whose value names the kind. */
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

/** The ARN of a secret with the six characters at its end, which a policy needs. */
const secretArnPattern =
  /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@!-]+-[A-Za-z0-9]{6}$/;
export const wholeSecretArn = 'a secret’s whole ARN, as in …:secret:name-AbCdEf';
export const isSecretArn = (given: string): boolean => secretArnPattern.test(given);
export const secretArn = (meaning: string) => text(meaning, wholeSecretArn, secretArnPattern);

export const keyArn = (meaning: string) =>
  text(meaning, 'a KMS key’s ARN', /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/);

/** Makes rule and pattern of an identifier of EC2. */
export const ec2Id = (kind: 'vpc' | 'subnet' | 'sg') =>
  [
    `${kind}- and 8 or 17 hexadecimal digits`,
    new RegExp(`^${kind}-([0-9a-f]{8}|[0-9a-f]{17})$`),
  ] as const;
